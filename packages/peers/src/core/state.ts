import { partsOf } from '@sentinel/heartbeat-core';
import type { PeerNotification } from '@sentinel/notify';
import { parseReport } from './parse-report.ts';
import type { BotLine, Finding } from './report.ts';

/** What a peer said of itself when it was last heard. */
export type Known = {
  readonly boot: string | null;
  readonly epoch: number;
  readonly bots: readonly BotLine[];
  /** ms since the epoch. */
  readonly heardAt: number;
};

/** An outage of a peer. */
export type Incident = {
  readonly id: string;
  readonly finding: Finding;
  /** ms since the epoch. */
  readonly startedAt: number;
};

export type Memory = { readonly known: Known | null; readonly incident: Incident | null };

/** Something that people are to be told, by one of the observers. */
export type PeerEvent = {
  /** The same on every host. */
  readonly id: string;
  readonly note: PeerNotification;
  /** Who tells, the first one first. */
  readonly order: readonly string[];
  /** When it was decided here: ms of the monotonic clock, so that another start counts anew. */
  readonly since: number;
  /** `null`: nobody has, as far as is known here. `raised`: this host has, and no channel has taken it yet. */
  readonly told: null | 'raised' | 'sent' | { readonly by: string };
  /** ms since the epoch, of what was last known of it. */
  readonly at: number;
};

/** What this host knows of its peers, and what it has done about it. It survives the monitor. */
export type PeersState = {
  readonly epoch: number;
  readonly memory: Readonly<Record<string, Memory>>;
  /** Since when this host has been deaf, in ms since the epoch. */
  readonly deafSince: number | null;
  /** The last look had too many late at once. */
  readonly doubted: boolean;
  readonly events: readonly PeerEvent[];
};

export const noMemory: Memory = { known: null, incident: null };

const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

const memoryOf = (value: unknown): Memory => {
  const { known, incident } = partsOf(value);
  const { heardAt, ...said } = partsOf(known);
  const at = number(heardAt);
  // A report has the same parts, and they are checked there.
  const report = parseReport({ ...said, host: 'x', run: 'x', round: 0 });
  const { id, finding, startedAt } = partsOf(incident);
  const isIncident = typeof id === 'string' && ['unreachable', 'unwatched', 'down'].includes(String(finding));
  return {
    known:
      at === null || report === null
        ? null
        : { boot: report.boot, epoch: report.epoch, bots: report.bots, heardAt: at },
    incident: isIncident ? { id, finding: finding as Finding, startedAt: number(startedAt) ?? 0 } : null,
  };
};

const eventOf = (value: unknown, since: number): readonly PeerEvent[] => {
  const { id, note, order, told, at } = partsOf(value);
  const { by } = partsOf(told);
  if (typeof id !== 'string' || typeof partsOf(note).kind !== 'string' || !Array.isArray(order)) return [];
  return [
    {
      id,
      note: note as PeerNotification,
      order: order.map(String),
      since,
      told: told === 'raised' || told === 'sent' ? told : typeof by === 'string' ? { by } : null,
      at: number(at) ?? 0,
    },
  ];
};

/**
 * What an earlier start of the monitor has written down; what cannot be read of it is not known.
 *
 * @param now ms of the monotonic clock: what waited then waits from now on.
 */
export const parsePeersState = (value: unknown, now: number): PeersState => {
  const { epoch, memory, deafSince, events } = partsOf(value);
  return {
    epoch: number(epoch) ?? 0,
    memory: Object.fromEntries(Object.entries(partsOf(memory)).map(([name, one]) => [name, memoryOf(one)])),
    deafSince: number(deafSince),
    doubted: false,
    events: Array.isArray(events) ? events.flatMap((one) => eventOf(one, now)) : [],
  };
};
