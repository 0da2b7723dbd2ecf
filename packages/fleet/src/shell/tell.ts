import { errorMessage } from '@sentinel/heartbeat-core';
import type { CustomNotification, Kept } from '@sentinel/notify';
import type { Order, Told } from '../core/incidents.ts';
import { toldKey } from '../core/told.ts';
import { notificationOf, reminderOf } from '../core/words.ts';
import {
  type ClaimParts,
  createClaim,
  createIsClosed,
  createReminderClaim,
  recordOf,
  type ToldHere,
} from './claim.ts';
import { systemClock } from './clock.ts';

/** How people are told: a notifier of `@sentinel/notify`. */
export type Teller = {
  readonly keep: (notification: CustomNotification) => Kept;
  readonly flush: (withinMs?: number) => Promise<boolean>;
};

type Parts = ClaimParts & {
  readonly teller: Teller;
  readonly silent: () => readonly string[];
};

/** So long, in ms, an alert may take before it counts as not sent. */
const deliveryMs = 60_000;
/** An end that is not shared is tried again after this, in ms: its incident would count as open, and hide the next death. */
const shareAgainMs = 5000;
const mostClosed = 500;

const createToldHere = () => {
  const handed = new Set<string>();
  const closed: string[] = [];
  return {
    has: (key: string) => handed.has(key),
    isClosed: (id: string) => closed.includes(id),
    closed,
    add: (key: string, { event }: Order, id: string) => {
      handed.add(key);
      if (event === 'closed') closed.push(id);
      if (closed.length > mostClosed) closed.shift();
    },
  } satisfies ToldHere & Record<string, unknown>;
};

/** Once it is delivered, the others need not look after it any more. The end of an incident is shared in any case. */
const createConfirm = ({ observer, shared, teller, log, sleep = systemClock.sleep }: Parts) => {
  const confirm = async (order: Order, id: string, isAgain = false): Promise<void> => {
    const { event } = order;
    if (order.incident.problem.kind === 'deaf') return;
    const sent = await teller.flush(deliveryMs);
    if (!sent && event === 'open') return;
    try {
      await shared.put(toldKey(id, event), recordOf(order, observer, sent));
    } catch (error) {
      if (!isAgain) log.warn(`Fleet: that incident ${id} was told cannot be shared (${errorMessage(error)})`);
      if (event === 'open') return;
      await sleep(shareAgainMs);
      await confirm(order, id, true);
    }
  };
  return confirm;
};

/** Tells what was decided, unless another observer has. What cannot be asked does not stop it. */
export const createTelling = (parts: Parts) => {
  const { observer, teller, silent, wall, log } = parts;
  const here = createToldHere();
  const claim = createClaim(parts, here);
  const claimReminder = createReminderClaim(parts);
  const confirm = createConfirm(parts);

  const tell = async (order: Order): Promise<Told> => {
    const found = await claim(order);
    if (found.kind === 'silenced') return { where: 'failed', afterMs: 10_000 };
    const { id } = found;
    const key = toldKey(id, order.event);
    if (found.kind === 'elsewhere') return { where: 'elsewhere', id, isSent: found.isSent };
    if (here.has(key)) return { where: 'here', id, isSent: true };
    const situation = { observer, silent: silent(), mayBeDoubled: found.mayBeDoubled };
    const notification = notificationOf({ ...order.incident, id }, order.event, situation);
    log.info(`Fleet: ${notification.title ?? notification.text} (incident ${id})`);
    if (teller.keep(notification) === 'nowhere') return { where: 'failed' };
    here.add(key, order, id);
    void confirm(order, id).catch((error) => log.warn(`Fleet: incident ${id}: ${errorMessage(error)}`));
    return { where: 'here', id, isSent: true };
  };

  const remind = async (order: Order): Promise<Told> => {
    if (!(await claimReminder(order))) return { where: 'elsewhere' };
    const situation = { observer, silent: silent(), mayBeDoubled: false };
    const reminder = reminderOf(order.incident, wall(), situation);
    log.info(`Fleet: ${reminder.title} (incident ${order.incident.id})`);
    return { where: teller.keep(reminder) === 'nowhere' ? 'failed' : 'here' };
  };

  return {
    carryOut: (order: Order): Promise<Told> => (order.kind === 'remind' ? remind(order) : tell(order)),
    isClosed: createIsClosed(parts, here),
    /** Ids of the incidents whose end this process has told. */
    closed: (): readonly string[] => here.closed,
  };
};
