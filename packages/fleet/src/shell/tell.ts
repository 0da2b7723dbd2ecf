import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '@sentinel/heartbeat-core';
import type { CustomNotification, Kept } from '@sentinel/notify';
import type { Order, Told } from '../core/incidents.ts';
import { type Presence, toldByOthers } from '../core/presence.ts';
import { ackKey, isEarlier, openIds, readTold, reminderKey, type ToldRecord, toldKey } from '../core/told.ts';
import { notificationOf, reminderOf } from '../core/words.ts';
import { inTime, type Shared } from './shared.ts';

/** How people are told: a notifier of `@sentinel/notify`. */
export type Teller = {
  readonly keep: (notification: CustomNotification) => Kept;
  readonly flush: (withinMs?: number) => Promise<boolean>;
};

type Parts = {
  readonly observer: string;
  readonly shared: Shared;
  readonly teller: Teller;
  /** Those that were heard a moment ago, and what they say. */
  readonly others: {
    readonly isThere: (observer: string) => boolean;
    readonly presences: () => Iterable<Presence>;
    readonly rank: (key: string) => number;
  };
  readonly silent: () => readonly string[];
  /** In ms since the epoch. */
  readonly wall: () => number;
  readonly log: { readonly info: (line: string) => void; readonly warn: (line: string) => void };
};

/** So long, in ms, an alert may take before it counts as not sent. */
const deliveryMs = 60_000;
/** An end that is not shared is tried again after this, in ms: its incident would count as open, and hide the next death. */
const shareAgainMs = 5000;
const mostClosed = 500;
/** So long, in ms, an alert waits for what observers share: a leader that has died is followed by another one only after seconds. */
const claimMs = 700;

type Claim =
  | { readonly kind: 'mine' | 'unreachable'; readonly id: string; readonly mayBeDoubled: boolean }
  | { readonly kind: 'elsewhere'; readonly id: string; readonly isSent: boolean }
  /** People want to hear nothing of this host for now. */
  | { readonly kind: 'silenced' };

const isSilenced = (given: unknown, now: number): boolean =>
  typeof given === 'object' &&
  given !== null &&
  'until' in given &&
  typeof given.until === 'number' &&
  given.until > now;

/** Tells what was decided, unless another observer has. What cannot be asked does not stop it. */
export const createTelling = (parts: Parts) => {
  const { observer, shared, teller, others, silent, wall, log } = parts;
  /** What this process has handed to its outbox: it is not told twice by it. */
  const handed = new Set<string>();
  const closed: string[] = [];

  /** Its end was told, although what is shared does not say so: the servers could not be asked then. */
  const isClosed = (key: string, id: string): boolean =>
    closed.includes(id) || toldByOthers(others.presences(), 'closed', { key, id }) !== undefined;

  const recordOf = ({ incident: { problem, since } }: Order, sent: boolean): ToldRecord => ({
    ...{ by: observer, sent, since },
    problem: 'bots' in problem ? { ...problem, bots: [] } : { ...problem },
  });

  /** What follows from a record that is there. */
  const taken = async (order: Order, id: string): Promise<Claim> => {
    const key = toldKey(id, order.event);
    const record = readTold(await shared.get(key));
    if (record?.sent === true || handed.has(key)) return { kind: 'elsewhere', id, isSent: true };
    if (record !== null && record.by !== observer && others.isThere(record.by))
      return { kind: 'elsewhere', id, isSent: false };
    // Whoever took it on is gone, and nobody knows whether it was sent.
    await shared.put(key, recordOf(order, false));
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

  const claim = async (order: Order): Promise<Claim> => {
    const { event, incident } = order;
    const { problem } = incident;
    if (event === 'open') {
      if (problem.kind === 'host-down' && isSilenced(await shared.get(`silence.${problem.host}`), wall()))
        return { kind: 'silenced' };
      const open = await openOf(order);
      if (open !== undefined) return taken(order, open);
    }
    const { id } = incident;
    const isNew = await shared.create(toldKey(id, event), recordOf(order, false));
    return isNew ? { kind: 'mine', id, mayBeDoubled: false } : taken(order, id);
  };

  /** Nothing that observers share is asked where this one hears no server. */
  const claimOrGoOn = async (order: Order): Promise<Claim> => {
    const { id, problem } = order.incident;
    if (problem.kind === 'deaf') return { kind: 'unreachable', id, mayBeDoubled: false };
    // It needs no store to be known.
    const known = toldByOthers(others.presences(), order.event, { key: problem.key, id });
    if (known !== undefined) return { kind: 'elsewhere', id: known, isSent: true };
    try {
      return await inTime(claim(order), claimMs);
    } catch (error) {
      log.warn(
        `Fleet: what observers share cannot be asked (${errorMessage(error)}). The alert is sent anyway`,
      );
      return { kind: 'unreachable', id, mayBeDoubled: true };
    }
  };

  /** Once it is delivered, the others need not look after it any more. The end of an incident is shared in any case. */
  const confirm = async (order: Order, id: string, isAgain = false) => {
    const { event } = order;
    if (order.incident.problem.kind === 'deaf') return;
    const sent = await teller.flush(deliveryMs);
    if (!sent && event === 'open') return;
    try {
      await shared.put(toldKey(id, event), recordOf(order, sent));
    } catch (error) {
      if (!isAgain) log.warn(`Fleet: that incident ${id} was told cannot be shared (${errorMessage(error)})`);
      if (event === 'open') return;
      await delay(shareAgainMs, undefined, { ref: false });
      await confirm(order, id, true);
    }
  };

  const carryOut = async (order: Order): Promise<Told> => {
    const found = await claimOrGoOn(order);
    if (found.kind === 'silenced') return { where: 'failed', afterMs: 10_000 };
    const { id } = found;
    const key = toldKey(id, order.event);
    if (found.kind === 'elsewhere') return { where: 'elsewhere', id, isSent: found.isSent };
    if (handed.has(key)) return { where: 'here', id, isSent: true };
    const situation = { observer, silent: silent(), mayBeDoubled: found.mayBeDoubled };
    const notification = notificationOf({ ...order.incident, id }, order.event, situation);
    log.info(`Fleet: ${notification.title ?? notification.text} (incident ${id})`);
    if (teller.keep(notification) === 'nowhere') return { where: 'failed' };
    handed.add(key);
    if (order.event === 'closed') closed.push(id);
    if (closed.length > mostClosed) closed.shift();
    void confirm(order, id).catch((error) => log.warn(`Fleet: incident ${id}: ${errorMessage(error)}`));
    return { where: 'here', id, isSent: true };
  };

  /** Whether this observer sends a reminder: one of them does, and none where people have said that they know. */
  const claimReminder = async ({ incident }: Order): Promise<boolean> => {
    const { id, problem } = incident;
    if (problem.kind === 'deaf') return true;
    try {
      if ((await shared.get(ackKey(id))) !== undefined) return false;
      if (problem.kind === 'host-down' && isSilenced(await shared.get(`silence.${problem.host}`), wall()))
        return false;
      return await shared.create(reminderKey(incident), { by: observer });
    } catch (error) {
      log.warn(`Fleet: what observers share cannot be asked (${errorMessage(error)}) about a reminder`);
      return others.rank(problem.key) === 0;
    }
  };

  const remind = async (order: Order): Promise<Told> => {
    if (!(await claimReminder(order))) return { where: 'elsewhere' };
    const situation = { observer, silent: silent(), mayBeDoubled: false };
    const reminder = reminderOf(order.incident, wall(), situation);
    log.info(`Fleet: ${reminder.title} (incident ${order.incident.id})`);
    return { where: teller.keep(reminder) === 'nowhere' ? 'failed' : 'here' };
  };

  return {
    /** Carries out one order. */
    carryOut: (order: Order): Promise<Told> => (order.kind === 'remind' ? remind(order) : carryOut(order)),
    isClosed,
    /** Ids of the incidents whose end this process has told. */
    closed: (): readonly string[] => closed,
  };
};
