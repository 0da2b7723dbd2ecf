import { errorMessage } from '@sentinel/heartbeat-core';
import type { Incidents } from '../core/incidents.ts';
import { rowOfRoster, toldBefore } from '../core/kept.ts';
import { type HostRow, withBotsFromBefore } from '../core/table.ts';
import type { FleetClock } from './clock.ts';
import { readShared, removeOld, type SharedKnowledge, writeRoster } from './keeping.ts';
import type { LinkEvents } from './link.ts';
import { goneMs } from './others.ts';
import type { Shared } from './shared.ts';

const firstMs = 2000;
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

const learnHosts = ({ table, maxAgeMs, clock: { now } }: Parts, { roster }: SharedKnowledge) => {
  for (const [host, entry] of roster) {
    const row = table.get(host);
    const isSilent = row !== undefined && (row.heardAt === null || now() - row.heardAt > maxAgeMs);
    if (entry.forgotten !== true)
      table.set(host, row === undefined ? rowOfRoster(entry) : withBotsFromBefore(row, rowOfRoster(entry)));
    else if (isSilent) table.delete(host);
  }
};

const learnIncidents = (
  { observer, incidents, isClosed, clock: { now, wall } }: Parts,
  { open, acks }: SharedKnowledge,
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

/** Learns once a minute what the others know, and writes down what is new of the hosts. */
export const startSharing = (parts: Parts): (() => Promise<void>) => {
  const { shared, table, isMine, isDeaf, clock, log } = parts;
  let told = '';
  const share = async (): Promise<boolean> => {
    if (isDeaf()) return false;
    try {
      const knowledge = await readShared(shared);
      learnHosts(parts, knowledge);
      learnIncidents(parts, knowledge);
      await writeRoster(shared, table, knowledge.roster, isMine);
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
  const run = async () => {
    for (let wait = firstMs; !stopped.signal.aborted; ) {
      await clock.sleep(wait, stopped.signal);
      if (!stopped.signal.aborted) {
        const isShared = await share();
        if (isShared) await remove();
        wait = isShared ? everyMs : againMs;
      }
    }
  };
  const running = run();
  return () => {
    stopped.abort();
    return running;
  };
};
