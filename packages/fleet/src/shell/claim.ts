import { errorMessage } from '@sentinel/heartbeat-core';
import type { Order } from '../core/incidents.ts';
import { type Presence, toldByOthers } from '../core/presence.ts';
import {
  ackKey,
  isEarlier,
  isSilenced,
  openIds,
  readTold,
  reminderKey,
  type ToldRecord,
  toldKey,
} from '../core/told.ts';
import { type FleetClock, systemClock } from './clock.ts';
import { inTime, type Shared } from './shared.ts';

/** What it takes to say who tells. */
export type ClaimParts = {
  readonly observer: string;
  readonly shared: Shared;
  /** Those that were heard a moment ago, and what they say. */
  readonly others: {
    readonly isThere: (observer: string) => boolean;
    readonly presences: () => Iterable<Presence>;
    readonly rank: (key: string) => number;
  };
  /** In ms since the epoch. */
  readonly wall: () => number;
  /** Default: of this system. */
  readonly sleep?: FleetClock['sleep'];
  readonly log: { readonly info: (line: string) => void; readonly warn: (line: string) => void };
};

/** What this process has told. */
export type ToldHere = {
  /** It has handed this to its outbox: it is not told twice by it. */
  readonly has: (key: string) => boolean;
  readonly isClosed: (id: string) => boolean;
};

/** So long, in ms, an alert waits for what observers share: a leader that has died is followed by another one only after seconds. */
const claimMs = 700;

export type Claim =
  | { readonly kind: 'mine' | 'unreachable'; readonly id: string; readonly mayBeDoubled: boolean }
  | { readonly kind: 'elsewhere'; readonly id: string; readonly isSent: boolean }
  /** People want to hear nothing of this host for now. */
  | { readonly kind: 'silenced' };

/** What is shared of an order that this observer takes on. */
export const recordOf = (
  { incident: { problem, since } }: Order,
  observer: string,
  sent: boolean,
): ToldRecord => ({
  ...{ by: observer, sent, since },
  problem: 'bots' in problem ? { ...problem, bots: [] } : { ...problem },
});

/** Its end was told, although what is shared does not say so: the servers could not be asked then. */
export const createIsClosed =
  ({ others }: ClaimParts, here: ToldHere) =>
  (key: string, id: string): boolean =>
    here.isClosed(id) || toldByOthers(others.presences(), 'closed', { key, id }) !== undefined;

const silencedIn = async ({ shared, wall }: ClaimParts, { incident: { problem } }: Order): Promise<boolean> =>
  problem.kind === 'host-down' && isSilenced(await shared.get(`silence.${problem.host}`), wall());

/** Asks the servers who tells. */
const createAsking = (parts: ClaimParts, here: ToldHere) => {
  const { observer, shared, others } = parts;
  const isClosed = createIsClosed(parts, here);

  /** What follows from a record that is there. */
  const taken = async (order: Order, id: string): Promise<Claim> => {
    const key = toldKey(id, order.event);
    const record = readTold(await shared.get(key));
    if (record?.sent === true || here.has(key)) return { kind: 'elsewhere', id, isSent: true };
    if (record !== null && record.by !== observer && others.isThere(record.by))
      return { kind: 'elsewhere', id, isSent: false };
    // Whoever took it on is gone, and nobody knows whether it was sent.
    await shared.put(key, recordOf(order, observer, false));
    return { kind: 'mine', id, mayBeDoubled: true };
  };

  /** The id of what is open of the same thing, as far as the servers say. */
  const openOf = async ({ incident }: Order): Promise<string | undefined> => {
    const { key } = incident.problem;
    for (const id of openIds(await shared.keys(`told.${key}.>`))) {
      if (isClosed(key, id)) continue;
      const record = id === incident.id ? null : readTold(await shared.get(toldKey(id, 'open')));
      if (record === null || !isEarlier(record, incident)) return id;
      await shared.put(toldKey(id, 'closed'), { ...record, by: observer, sent: false });
    }
    return undefined;
  };

  return async (order: Order): Promise<Claim> => {
    const { event, incident } = order;
    if (event === 'open') {
      if (await silencedIn(parts, order)) return { kind: 'silenced' };
      const open = await openOf(order);
      if (open !== undefined) return taken(order, open);
    }
    const { id } = incident;
    const isNew = await shared.create(toldKey(id, event), recordOf(order, observer, false));
    return isNew ? { kind: 'mine', id, mayBeDoubled: false } : taken(order, id);
  };
};

/** Who tells: this observer, or another one that has. Nothing that observers share is asked where this one hears no server. */
export const createClaim = (parts: ClaimParts, here: ToldHere) => {
  const { others, log, sleep = systemClock.sleep } = parts;
  const ask = createAsking(parts, here);
  return async (order: Order): Promise<Claim> => {
    const { id, problem } = order.incident;
    if (problem.kind === 'deaf') return { kind: 'unreachable', id, mayBeDoubled: false };
    // It needs no store to be known.
    const known = toldByOthers(others.presences(), order.event, { key: problem.key, id });
    if (known !== undefined) return { kind: 'elsewhere', id: known, isSent: true };
    try {
      return await inTime(ask(order), claimMs, { sleep });
    } catch (error) {
      log.warn(
        `Fleet: what observers share cannot be asked (${errorMessage(error)}). The alert is sent anyway`,
      );
      return { kind: 'unreachable', id, mayBeDoubled: true };
    }
  };
};

/** Whether this observer sends a reminder: one of them does, and none where people have said that they know. */
export const createReminderClaim =
  (parts: ClaimParts) =>
  async (order: Order): Promise<boolean> => {
    const { observer, shared, others, log } = parts;
    const { id, problem } = order.incident;
    if (problem.kind === 'deaf') return true;
    try {
      if ((await shared.get(ackKey(id))) !== undefined || (await silencedIn(parts, order))) return false;
      return await shared.create(reminderKey(order.incident), { by: observer });
    } catch (error) {
      log.warn(`Fleet: what observers share cannot be asked (${errorMessage(error)}) about a reminder`);
      return others.rank(problem.key) === 0;
    }
  };
