import { objectIn } from '@sentinel/heartbeat-core';
import { tellDelivery } from '../core/tell-delivery.ts';
import type { Records } from './record.ts';
import type { FinishedOrder } from './record-orders.ts';
import type { AlertRow } from './record-outbox.ts';

/** What came of an order. `refused`: the monitor did nothing; `failed`: it did, and that did not reach its end. */
export type OrderOutcome = {
  readonly bot: string;
  readonly kind: string;
  readonly state: 'waiting' | 'done' | 'refused' | 'failed';
  /** False: it may still become another one. */
  readonly settled: boolean;
  /** In words, one line for each thing that is to be told; of a test alert one for each channel. */
  readonly lines: readonly string[];
};

/** A monitor refuses what is older, so that none restarts a bot hours later. */
const takenWithinMs = 60_000;

/** The alert of an order is written down with its result. */
const togetherMs = 5000;

const isTestOf = (body: string, { bot, by }: FinishedOrder): boolean => {
  const alert = objectIn(body) ?? {};
  return alert.kind === 'test' && alert.bot === bot && alert.by === by;
};

/**
 * What has come of an order by now; `null` where the journal knows none of this number.
 *
 * @param now ms since the epoch.
 * @example
 * const isOver = (records: Records, id: number) => orderOutcome(records, id, Date.now())?.settled ?? true;
 */
export const orderOutcome = (records: Records, id: number, now: number): OrderOutcome | null => {
  const order = records.order(id);
  if (order === null) return null;
  const { bot, kind, result, finishedAt } = order;
  const told = (state: OrderOutcome['state'], lines: readonly string[], settled = true): OrderOutcome => ({
    bot,
    kind,
    state,
    settled,
    lines,
  });
  if ((result === null || finishedAt === null) && now - order.at > takenWithinMs)
    return told('refused', ['no monitor took it within a minute: give it again']);
  if (result === null || finishedAt === null)
    return told('waiting', ['no monitor has taken the order yet'], false);
  if (result !== 'done') return told('refused', [result]);
  if (kind === 'restart')
    return told('done', ['done: it has begun, and the state of the bot says what comes of it']);
  if (kind === 'start')
    return told('done', ['done: it is being started, and the state of the bot says what comes of it']);
  if (kind === 'stop') return ofStop(records, bot, told);
  if (kind !== 'test-alert') return told('done', ['done']);
  const alert = records
    .alertsSince(finishedAt - togetherMs, 1000)
    .findLast(({ body }) => isTestOf(body, order));
  if (alert === undefined) return told('failed', ['the journal does not say what became of the test alert']);
  return ofTest(records, alert, Math.max(0, now - finishedAt), told);
};

/** What came of an order of before, in one line: a test alert is done once it has reached somebody. `null`: nobody has taken it. */
export const orderResult = (records: Records, order: FinishedOrder, now: number): string | null =>
  order.kind === 'test-alert' && order.result === 'done'
    ? (orderOutcome(records, order.id, now)?.lines.join('; ') ?? order.result)
    : order.result;

type Told = (state: OrderOutcome['state'], lines: readonly string[], settled?: boolean) => OrderOutcome;

/** It is done when the bot was seen not to run. */
const ofStop = (records: Records, bot: string, told: Told): OrderOutcome => {
  const course = records.supervision(bot)?.course ?? null;
  if (course === null || course.stopped === null)
    return told('failed', ['the bot is not stopped: the history says what came of it']);
  return course.stoppedAt === null
    ? told('waiting', ['the bot is being ended'], false)
    : told('done', ['done']);
};

const ofTest = (records: Records, alert: AlertRow, waitedMs: number, told: Told): OrderOutcome => {
  const deliveries = records.deliveriesOf(alert.id);
  const channels = deliveries.map((each) =>
    tellDelivery(alert, each, records.getChannel(each.channel), waitedMs),
  );
  const { channel: only } = objectIn(alert.body) ?? {};
  const known = records.channels();
  const unused = known
    .filter(({ name, deadSince }) => deadSince !== null && deliveries.every((each) => each.channel !== name))
    .filter(({ name }) => only === undefined || name === only)
    .map(({ name, deadReason }) => `${name}: not used, it refuses everything (${deadReason})`);
  const lines = [...channels.map(({ line }) => line), ...unused];
  if (deliveries.length === 0 && typeof only === 'string')
    lines.push(
      `no channel is called ${only}, or notifications are off (--no-notify). Known: ${known.map(({ name }) => name).join(', ') || 'none'}`,
    );
  else if (deliveries.length === 0)
    lines.push('no channel is set up, or notifications are off (--no-notify): nobody would be told');
  const well = lines.length === channels.length && channels.every(({ delivered }) => delivered);
  const settled = channels.every((channel) => channel.settled);
  return told(well ? 'done' : settled ? 'failed' : 'waiting', lines, settled);
};
