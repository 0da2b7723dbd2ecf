import { healthStates } from '@sentinel/heartbeat-core/browser';
import { useState } from 'preact/hooks';
import { type HostRow, parseFleet } from '../core/fleet-hosts.ts';
import { useAnswer } from '../shell/use-answer.ts';
import { FleetIncidents } from './fleet-incidents.tsx';
import { Glyph } from './glyph.tsx';
import { Choice, SearchField } from './search-field.tsx';

/** As often as an observer writes, in ms; and where none has run, whether one has by now. */
const everyMs = { some: 2000, none: 60_000 } as const;

type Line = HostRow & { readonly href?: () => void; readonly more?: string };

const Lines = ({ lines }: { lines: readonly Line[] }) => (
  <ul class="incidents">
    {lines.map(({ name, face, text, href, more = '' }) => (
      <li key={name + more} class="incident">
        <Glyph face={face} />
        <p class="incident-title">
          {href === undefined ? (
            <strong>{name}</strong>
          ) : (
            <button type="button" class="plain" onClick={href}>
              {name}
            </button>
          )}{' '}
          <span>{more + text}</span>
        </p>
      </li>
    ))}
  </ul>
);

/** The hosts of a fleet, as the observer on the machine of this API sees them. Without one nothing is shown. */
export const Fleet = () => {
  const [search, setSearch] = useState('');
  const [state, setState] = useState('');
  const [host, setHost] = useState<string | null>(null);
  const query = {
    ...(search === '' ? {} : { search }),
    ...(state === '' ? {} : { state }),
    ...(host === null ? {} : { host }),
  };
  const found = useAnswer({
    path: 'fleet',
    query,
    parse: (answer) => parseFleet(answer, Date.now()),
    everyMs,
  });
  if (found === null) return null;
  const { summary, problem, hosts, bots, leftOut, incidents } = found;
  return (
    <section class="block" aria-labelledby="fleet">
      <h3 id="fleet">Fleet</h3>
      <p>{summary}</p>
      {problem !== '' && <p class="problem">{problem}</p>}
      <FleetIncidents incidents={incidents} />
      <div class="bots-head">
        <SearchField label="Search hosts and bots" {...{ search, setSearch }} />
        <Choice
          label="State of the bots"
          none={host === null ? 'bots in trouble' : 'all bots'}
          values={Object.keys(healthStates)}
          chosen={state}
          choose={setState}
        />
        {host !== null && (
          <button type="button" onClick={() => setHost(null)}>
            All hosts
          </button>
        )}
      </div>
      <Lines
        lines={hosts
          .filter(({ name }) => host === null || name === host)
          .map((one) => ({ ...one, href: () => setHost(one.name) }))}
      />
      <h4>{host === null ? 'Bots' : `Bots of ${host}`}</h4>
      <Lines lines={bots.map(({ host: on, ...one }) => ({ ...one, more: `on ${on}: ` }))} />
      {bots.length === 0 && <p class="empty">None of that kind.</p>}
      {leftOut > 0 && <p class="empty">{leftOut} more: search for a name, or choose a host.</p>}
    </section>
  );
};
