import { errorMessage } from '@sentinel/heartbeat-core';
import type { Incidents } from '../core/incidents.ts';
import { type RosterEntry, rowOfRoster, toldBefore } from '../core/kept.ts';
import { type HostRow, withBotsFromBefore } from '../core/table.ts';
import type { FleetClock } from './clock.ts';
import { readIncidents, readRoster, removeOld, type SharedIncidents, writeRoster } from './keeping.ts';
import type { LinkEvents } from './link.ts';
import { goneMs } from './others.ts';
import type { Shared } from './shared.ts';

/** Hosts that are new come several at a time: so long is waited for more of them. */
const newMs = 2000;
const everyMs = 60_000;
/** What observers share could not be asked. */
const againMs = 5000;
const removeEveryMs = 3_600_000;

type Parts = {
  readonly observer: string;
  readonly shared: Shared;
  readonly table: Map<string, HostRow>;
  readonly incidents: { readonly get: () => Incidents; readonly set: (incidents: Incidents) => void };
  readonly isDeaf: () => boolean;
  /** The end of an incident was told, whether that could be shared or not. */
  readonly isClosed: (key: string, id: string) => boolean;
  /** Whether this observer writes what all know of a host. */
  readonly isMine: (host: string) => boolean;
  readonly maxAgeMs: number;
  readonly clock: FleetClock;
  readonly log: LinkEvents['log'];
};

const learnHost = ({ table, maxAgeMs, clock: { now } }: Parts, host: string, entry: RosterEntry) => {
  const row = table.get(host);
  const isSilent = row !== undefined && (row.heardAt === null || now() - row.heardAt > maxAgeMs);
  if (entry.forgotten === true) {
    if (isSilent) table.delete(host);
  } else if (row === undefined) table.set(host, rowOfRoster(entry));
  else
    table.set(
      host,
      withBotsFromBefore(row, () => rowOfRoster(entry)),
    );
};

const learnIncidents = (
  { observer, incidents, isClosed, clock: { now, wall } }: Parts,
  { open, acks }: SharedIncidents,
) => {
  const learnt = new Map(incidents.get());
  for (const { id, problem, by, isSent, since } of open) {
    // What another observer says of its own ears ends with them.
    const isOwn = problem.kind !== 'deaf' || by === observer;
    if (!isOwn || learnt.has(problem.key) || isClosed(problem.key, id)) continue;
    const at = isSent ? Number.POSITIVE_INFINITY : now() + goneMs;
    const known = { id, problem, ...(since === undefined ? {} : { since }) };
    learnt.set(problem.key, toldBefore(known, 'elsewhere', at, wall()));
  }
  for (const [key, incident] of learnt) {
    const ackedBy = acks.get(incident.id) ?? incident.ackedBy;
    if (ackedBy !== incident.ackedBy) learnt.set(key, { ...incident, ackedBy });
  }
  incidents.set(learnt);
};

export type Sharing = {
  /** A host was heard for the first time: what observers share is to have it soon. */
  readonly heardNewHost: () => void;
  readonly stop: () => Promise<void>;
};

/** Learns once a minute, and when a host is new, what the others know, and writes down what is new of the hosts. */
export const startSharing = (parts: Parts): Sharing => {
  const { shared, table, isMine, isDeaf, clock, log } = parts;
  let told = '';
  const share = async (): Promise<boolean> => {
    if (isDeaf()) return false;
    try {
      const roster = await readRoster(shared, (host, entry) => learnHost(parts, host, entry));
      learnIncidents(parts, await readIncidents(shared));
      await writeRoster(shared, table, roster, isMine);
      told = '';
      return true;
    } catch (error) {
      const why = errorMessage(error);
      const line = `Fleet: what observers share cannot be asked (${why}). Alerts are sent anyway, and may be doubled`;
      if (line !== told) log.warn(line);
      told = line;
      return false;
    }
  };
  let removedAt = Number.NEGATIVE_INFINITY;
  const remove = async () => {
    if (clock.now() - removedAt < removeEveryMs) return;
    removedAt = clock.now();
    try {
      await removeOld(shared, clock.wall(), isMine);
    } catch (error) {
      const why = errorMessage(error);
      log.warn(
        `Fleet: what has been over for a week cannot be removed from what observers share (${why}). See the permissions in docs/fleet.md`,
      );
    }
  };
  const stopped = new AbortController();
  let news = new AbortController();
  const run = async () => {
    for (let wait = 0; !stopped.signal.aborted; ) {
      await clock.sleep(wait, AbortSignal.any([stopped.signal, news.signal]));
      await clock.sleep(newMs, stopped.signal);
      news = new AbortController();
      if (stopped.signal.aborted) return;
      const isShared = await share();
      if (isShared) await remove();
      wait = isShared ? everyMs : againMs;
    }
  };
  const running = run();
  return {
    heardNewHost: () => news.abort(),
    stop: () => {
      stopped.abort();
      return running;
    },
  };
};
