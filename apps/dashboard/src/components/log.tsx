import { splitIndicator } from '@sentinel/heartbeat-core/browser';
import { moment } from '../core/clock.ts';
import { logCsv } from '../core/csv.ts';
import type { Detail } from '../core/model.ts';

import { Glyph, Indicator } from './glyph.tsx';
import { Csv } from './take-away.tsx';

type Props = { detail: Detail; now: number; loadOlder: () => void };

export const Log = ({ detail, now, loadOlder }: Props) => (
  <section class="block log-block" aria-labelledby="log">
    <div class="block-head">
      <h3 id="log">Live log</h3>
      {detail.log !== null && detail.log.length > 0 && (
        <Csv name="log" make={() => logCsv(detail.log ?? [])} />
      )}
    </div>
    {detail.problem !== null && <p class="problem">{detail.problem}</p>}
    {detail.log === null && detail.problem === null && <p class="empty">Loading</p>}
    {detail.log?.length === 0 && <p class="empty">No history yet. Each change of status will stand here.</p>}
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
    <section class="log-scroll" tabIndex={0} aria-label="Entries of the log">
      <ol class="log">
        {detail.log?.map(({ id, at, state, status }) => {
          const { indicator, message } = splitIndicator(status);
          return (
            <li key={id} class={`is-${state}`}>
              <time>{moment(at, now)}</time>
              <Glyph face={state} named />
              <span class="log-status" dir="auto">
                <Indicator emoji={indicator} /> {message || 'No status'}
              </span>
            </li>
          );
        })}
      </ol>
      {detail.logNext !== null && (
        <button type="button" class="plain" onClick={loadOlder}>
          Show older
        </button>
      )}
    </section>
  </section>
);
