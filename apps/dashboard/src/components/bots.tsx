import { useState } from 'preact/hooks';
import type { BotView } from '../core/bot-view.ts';
import { matches } from '../core/fleet.ts';
import { ticking } from '../core/words.ts';
import { addressOf } from '../shell/address.ts';
import { Glyph, Indicator } from './glyph.tsx';

export type Row = { readonly view: BotView; readonly badges: readonly string[] };

type Props = { rows: readonly Row[]; summary: string; selected: string | null };

/** So few are seen at one look. */
const searchedFrom = 8;

/** Several bots as rows, those in trouble first; the one that is chosen is shown in full below. Each row is an address. */
export const Bots = ({ rows, summary, selected }: Props) => {
  const [search, setSearch] = useState('');
  const found = rows.filter(({ view }) => matches(view.name, view.word, search));
  return (
    <nav class="bots" aria-label="Bots">
      <div class="bots-head">
        <p class="bots-summary">{summary}</p>
        {rows.length >= searchedFrom && (
          <input
            type="search"
            aria-label="Search bots"
            placeholder="Search"
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        )}
      </div>
      <ul>
        {found.map(({ view, badges }) => (
          <li key={view.name}>
            <a
              href={addressOf(view.name)}
              class={`bot is-${view.face}`}
              aria-current={view.name === selected ? 'true' : undefined}
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
                <span class="bot-message">
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
            </a>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="bots-none">No bot has that name or state.</p>}
    </nav>
  );
};
