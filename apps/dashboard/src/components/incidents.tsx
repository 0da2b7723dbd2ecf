import { incidentsCsv } from '../core/csv.ts';
import { incidentView } from '../core/incident-view.ts';
import type { Incident } from '../core/wire.ts';
import { addressOfIncident } from '../shell/address.ts';
import { Glyph } from './glyph.tsx';
import { Csv } from './take-away.tsx';

type Props = {
  all: readonly Incident[] | null;
  /** What stands in place of incidents that are not there. */
  missing: string;
  now: number | null;
};

export const Incidents = ({ all, missing, now }: Props) => (
  <section class="block" aria-labelledby="incidents">
    <div class="block-head">
      <h3 id="incidents">Incidents</h3>
      {all !== null && all.length > 0 && <Csv name="incidents" make={() => incidentsCsv(all)} />}
    </div>
    {all === null && <p class="empty">{missing}</p>}
    {all?.length === 0 && (
      <p class="empty">
        None on record. When a bot stops beating, its cause, length and what was done stand here.
      </p>
    )}
    <ol class="incidents">
      {all?.map((incident) => {
        const view = incidentView(incident, now);
        return (
          <li key={view.id} class={view.open ? 'incident is-open' : 'incident'}>
            <Glyph face={view.state} />
            <p class="incident-title">
              {view.incident === null ? (
                <strong>{view.title}</strong>
              ) : (
                <a href={addressOfIncident(view.incident)}>{view.title}</a>
              )}{' '}
              <span>{view.reason}</span>
            </p>
            <p class="incident-when">
              {view.when} · {view.length}
            </p>
            {view.actions.length > 0 && (
              <ul class="incident-actions">
                {view.actions.map(({ at, text }) => (
                  <li key={at + text}>
                    <time>{at}</time> {text}
                  </li>
                ))}
              </ul>
            )}
          </li>
        );
      })}
    </ol>
  </section>
);
