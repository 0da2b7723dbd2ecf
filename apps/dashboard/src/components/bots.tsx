import type { BotView } from '../core/bot-view.ts';
import { ticking } from '../core/words.ts';
import { Glyph, Indicator } from './glyph.tsx';

type Props = { views: readonly BotView[]; selected: string | null; select: (bot: string) => void };

/** Several bots as rows; the one that is chosen is shown in full below. */
export const Bots = ({ views, selected, select }: Props) => (
  <nav class="bots" aria-label="Bots">
    <ul>
      {views.map((view) => (
        <li key={view.name}>
          <button
            type="button"
            class={`bot is-${view.face}`}
            aria-current={view.name === selected ? 'true' : undefined}
            onClick={() => select(view.name)}
          >
            <Glyph face={view.face} />
            <span class="bot-name" title={view.name}>
              {view.name}
            </span>
            <span class="bot-word">{view.word}</span>
            <span class="bot-message">
              <Indicator emoji={view.indicator} /> {view.message}
            </span>
            <span class="bot-age">
              <span class="unseen">age </span>
              {view.age === null ? '–' : ticking(view.age)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  </nav>
);
