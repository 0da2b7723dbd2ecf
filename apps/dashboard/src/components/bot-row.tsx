import { Component } from 'preact';
import type { Row } from '../core/bot-list.ts';
import { ticking } from '../core/words.ts';
import { DayBar } from './day-bar.tsx';
import { Glyph, Indicator } from './glyph.tsx';

type Props = Row & {
  href: string;
  current: boolean;
  /** The one row of the list at which the Tab key stops. */
  stop: boolean;
};

/** All that a row shows, as one text. */
const textOf = ({ view, badges, exposure, tags, href, current, stop }: Props): string =>
  JSON.stringify(
    [view, view.age === null ? null : ticking(view.age), badges, exposure, tags, href, current, stop],
    (key, value) =>
      // These tick, and are shown as the text of the age.
      key === 'age' || key === 'saidAgo' || key === 'deadlineAt' ? value === null : value,
  );

/** One bot of many. It is drawn again only when something that it shows has changed. */
export class BotRow extends Component<Props> {
  #shown = '';

  override shouldComponentUpdate(next: Props) {
    const text = textOf(next);
    const isSame = text === this.#shown;
    this.#shown = text;
    return !isSame;
  }

  override render({ view, badges, exposure, tags, href, current, stop }: Props) {
    return (
      <li>
        <a
          href={href}
          class={`bot is-${view.face} ${view.loud ? 'is-loud' : ''}`}
          aria-current={current ? 'true' : undefined}
          data-bot={view.name}
          tabIndex={stop ? 0 : -1}
        >
          <Glyph face={view.face} />
          <span class="bot-name" title={view.name}>
            {view.name}
          </span>
          <span class="bot-word">{view.word}</span>
          <span class="bot-said">
            {badges.map((badge) => (
              <span class="badge" key={badge}>
                {badge}
              </span>
            ))}
            {exposure !== null && <span class="badge badge-exposure">{exposure}</span>}
            {tags.map((tag) => (
              <span class="badge badge-tag" key={`#${tag}`} dir="auto">
                #{tag}
              </span>
            ))}
            <span class="bot-message" dir="auto">
              {view.saidAgo === null ? (
                <>
                  <Indicator emoji={view.indicator} /> {view.message}
                </>
              ) : (
                (view.course ?? view.reason)
              )}
            </span>
          </span>
          <span class="bot-age">
            <span class="unseen">age </span>
            {view.age === null ? '–' : ticking(view.age)}
          </span>
          <DayBar bot={view.name} />
        </a>
      </li>
    );
  }
}
