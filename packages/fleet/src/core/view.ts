import type { Hearing } from './hearing.ts';
import type { Incident, Incidents } from './incidents.ts';
import type { BotRow } from './table.ts';
import type { HostVerdict } from './verdicts.ts';
import { titleOf } from './words.ts';

export type HostView = {
  readonly host: string;
  readonly verdict: HostVerdict;
  /** Since its last message, in ms; `null`: none since this observer runs. */
  readonly silentMs: number | null;
  /** Version of its agent; `null`: it does not say. */
  readonly version: string | null;
  /** `null`: no message with all of them has come yet. */
  readonly bots: ReadonlyMap<string, BotRow> | null;
};

export type FleetView = {
  readonly observer: string;
  readonly hearing: Hearing;
  readonly hosts: readonly HostView[];
  readonly incidents: Incidents;
  /** Observers that were heard a moment ago, this one too. */
  readonly observers: readonly string[];
};

const secondsOf = (ms: number | null) => (ms === null ? null : Math.max(0, Math.round(ms / 100) / 10));

const hostOf = ({ host, verdict, silentMs, version, bots }: HostView, now: number) => ({
  host,
  state: verdict.kind,
  reason: verdict.kind === 'unknown' ? verdict.why : null,
  silent_seconds: secondsOf(silentMs),
  version,
  bots:
    bots === null
      ? null
      : [...bots.values()].map(({ name, state, beatAt, exposure, reason }) => ({
          ...{ name, state, exposure, reason },
          age_seconds: secondsOf(beatAt === null ? null : now - beatAt),
        })),
});

const incidentOf = ({ id, problem, telling, since, ackedBy, closing }: Incident, observer: string) => ({
  id,
  kind: problem.kind,
  title: titleOf(problem, observer),
  since: new Date(since).toISOString(),
  told: telling === 'here' || telling === 'elsewhere',
  over: closing !== null,
  acknowledged_by: ackedBy,
});

/**
 * The table that an observer writes down for the API of its machine, as JSON. Its form is that of the API's `GET /api/fleet`.
 *
 * @param now on the observer's own clock. @param wall in ms since the epoch.
 */
export const formatFleetView = (
  { observer, hearing, hosts, incidents, observers }: FleetView,
  now: number,
  wall: number,
): string => {
  // Host by host: all at once are so many objects that the memory for them is kept.
  const lines = hosts.map((one) => JSON.stringify(hostOf(one, now)));
  const rest = JSON.stringify({
    v: 1,
    observer,
    as_of: new Date(wall).toISOString(),
    hears: hearing.kind === 'hears',
    deaf: hearing.kind === 'deaf' ? { reason: hearing.why, servers_lost: hearing.lost } : null,
    observers,
    incidents: [...incidents.values()].map((one) => incidentOf(one, observer)),
  });
  return `${rest.slice(0, -1)},"hosts":[${lines.join(',')}]}`;
};
