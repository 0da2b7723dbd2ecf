import type { Batch, LeftChannel, Store, StoreTrouble } from '@sentinel/history';
import { type Notification, type ProxyOptions, rankOf, reaches, readAlert } from '@sentinel/notify';
import type { Channel } from '../core/channel.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Courier, createCourier } from './courier.ts';
import { createOutbox } from './outbox.ts';

export type NotifierOptions = {
  /** Where notifications wait until they are delivered, and what channels did is kept. */
  readonly store: Store;
  /** Where they go. None: they are logged alone. */
  readonly channels: readonly Channel[];
  /** Nobody is to be told now: notifications are logged alone, and what waits goes on waiting. Default: false. */
  readonly off?: boolean;
  readonly log: (line: string) => void;
  /** The name under which the notifier tells of its own troubles: a dead channel, a damaged journal. Default: `sentinel`. */
  readonly name?: string;
  /** The machine, named in messages that do not say themselves. */
  readonly host?: string;
  /** How long one post may take, in ms. Default: 10,000. */
  readonly timeoutMs?: number;
  readonly proxy?: ProxyOptions;
  /** Default: that of the system. */
  readonly clock?: Clock;
  /** From 0 to 1, for the waits between tries. Default: `Math.random`. */
  readonly random?: () => number;
};

/** What can be known of a channel while the notifier runs; the journal keeps more. */
export type ChannelState = { readonly name: string; readonly dead: string | null };

/** Where a notification is now: on disk it survives the process. */
export type Kept = 'disk' | 'memory' | 'nowhere';

export type Notifier = {
  /**
   * Writes a notification down, to be delivered after the earlier ones. Within `store.transact` it joins the running
   * transaction: should that not land, the notification is gone with it, and is to be raised again outside. Without a
   * usable journal it is kept in memory. Never throws.
   */
  readonly notify: (notification: Notification) => void;
  /** The same, and tells where it is kept. Never throws. */
  readonly keep: (notification: Notification) => Kept;
  /** Resolves when nothing waits any more for a channel that is not dead, or after `withinMs` (5,000). True: nothing waits. */
  readonly flush: (withinMs?: number) => Promise<boolean>;
  /** Ends the delivery; what waits is delivered by the next start. Resolves when no post is under way. */
  readonly stop: () => Promise<void>;
  readonly channels: () => readonly ChannelState[];
};

const keptDays = 30;
const keptMs = keptDays * 24 * 60 * 60_000;

/**
 * Delivers notifications: at least once, in their order, one a second to a channel, for as long as it takes.
 *
 * @example
 * // The store is what `openStore` of `@sentinel/history` gives.
 * const tell = async (store: NotifierOptions['store']) => {
 *   const notifier = createNotifier({ store, channels: usualChannels({ url }), log });
 *   notifier.notify({ kind: 'test', bot: 'bot', by: 'ann' });
 *   await notifier.flush();
 *   await notifier.stop();
 * };
 */
export const createNotifier = (options: NotifierOptions): Notifier => {
  const { store, log, name = 'sentinel', timeoutMs = 10_000, proxy, host, off = false } = options;
  const channels = off ? [] : options.channels;
  const { clock = systemClock, random = Math.random } = options;
  const outbox = createOutbox(store, log);
  let announcing: NodeJS.Immediate | undefined;

  /** What the channel cannot take goes to the fallback; without one it waits. */
  const fallback = () => couriers.find(({ channel, dead }) => channel.fallback === true && dead() === null);

  const targets = (notification: Notification): string[] => {
    const severity = rankOf(notification).reaches;
    const names = couriers
      .filter(({ channel }) => channel.fallback !== true && reaches(severity, channel.floor ?? 'info'))
      .map(({ channel, dead }) =>
        dead() === null ? channel.name : (fallback()?.channel.name ?? channel.name),
      );
    return [...new Set(names)];
  };

  const announce = () => {
    announcing = undefined;
    for (const row of outbox.news()) log(readAlert(row).line);
    for (const courier of couriers) courier.wake();
  };

  const add = (notification: Notification, to: (notification: Notification) => readonly string[]): Kept => {
    try {
      // An instant that is none would be refused by the journal for ever, with everything behind it.
      const at = Number.isFinite(notification.at) ? Number(notification.at) : clock.now();
      const body = JSON.stringify(host === undefined ? notification : { host, ...notification });
      const kept = outbox.add(body, at, to(notification));
      if (kept === 'memory') log(readAlert({ key: '', at, body }).line);
      // Once the transaction that may run now has ended.
      announcing ??= setImmediate(announce);
      return kept;
    } catch (error) {
      log(`A notification could not be written down: ${error instanceof Error ? error.message : error}`);
      return 'nowhere';
    }
  };

  const keep = (notification: Notification) => add(notification, targets);
  const notify = (notification: Notification) => void keep(notification);

  const onDead = (dying: Courier, reason: string, news: boolean) => {
    const other = dying.channel.fallback === true ? undefined : fallback()?.channel.name;
    const from = dying.channel.name;
    const pending = store.transact(
      (records) => records.channels().find((each) => each.name === from)?.pending ?? 0,
      0,
    );
    // Also after a restart: what came since the last one waits for the dead channel.
    if (other !== undefined) {
      outbox.reroute(from, other, clock.now());
      announcing ??= setImmediate(announce);
    }
    if (!news) return;
    const to = couriers.filter((each) => each.dead() === null && each.channel.fallback !== true);
    add(
      {
        kind: 'channel-dead',
        bot: name,
        channel: from,
        reason,
        pending,
        ...(other === undefined ? {} : { fallback: other }),
      },
      () => [...to.map(({ channel }) => channel.name), ...(other === undefined ? [] : [other])],
    );
  };

  const handOver = (courier: Courier, batch?: Batch): string | null => {
    const other = courier.channel.fallback === true ? undefined : fallback()?.channel.name;
    if (other === undefined) return null;
    outbox.reroute(courier.channel.name, other, clock.now(), batch);
    announcing ??= setImmediate(announce);
    return other;
  };

  const couriers: readonly Courier[] = channels.map((channel): Courier => {
    const shared = { channel, store, outbox, clock, random, log, timeoutMs, proxy };
    const courier: Courier = createCourier({
      ...shared,
      onDead: (reason, news) => onDead(courier, reason, news),
      handOver: (batch) => handOver(courier, batch),
    });
    return courier;
  });

  const left = outbox.begun((records) => {
    const at = clock.now();
    const before = at - keptMs;
    const reason = off ? 'notifications are off' : 'no webhook is set';
    const names = channels.map((channel) => channel.name);
    const channelsLeft = records.keepChannels(names, { before, at, reason });
    records.pruneAlerts(before);
    return channelsLeft;
  }, []);
  if (off) log('Notifications are off: they go to this log only');
  else if (channels.every(({ fallback: isFallback }) => isFallback === true))
    log('No Slack webhook is set: notifications go to this log only');
  for (const line of left.flatMap(describeLeft)) log(line);
  for (const courier of couriers) courier.start();
  store.listen((trouble) => tellOf(trouble, name, notify));

  return {
    notify,
    keep,
    flush: async (withinMs = 5000) => {
      if (announcing !== undefined) await new Promise((resolve) => setImmediate(resolve));
      const limit = new AbortController();
      const idle = Promise.all(couriers.map((courier) => courier.idle())).then(() => true);
      const late = systemClock.sleep(withinMs, limit.signal).then(() => false);
      return Promise.race([idle, late]).finally(() => limit.abort());
    },
    stop: async () => {
      if (announcing !== undefined) {
        clearImmediate(announcing);
        announce();
      }
      await Promise.all(couriers.map((courier) => courier.stop()));
    },
    channels: () => couriers.map(({ channel, dead }) => ({ name: channel.name, dead: dead() })),
  };
};

/** What becomes of the notifications for a channel that is not set up any more. */
const describeLeft = ({ name, pending, expired }: LeftChannel): readonly string[] => [
  ...(expired === 0
    ? []
    : [
        `${counted(expired)} for the channel ${name} given up: it is not set up, and they are older than ${keptDays} days`,
      ]),
  ...(pending === 0
    ? []
    : [
        `${counted(pending)} waiting for the channel ${name}, which is not set up now: sent once it is, within ${keptDays} days`,
      ]),
];

const counted = (count: number) => `${count} ${count === 1 ? 'notification' : 'notifications'}`;

const tellOf = (trouble: StoreTrouble, bot: string, notify: (notification: Notification) => void): void => {
  const { kind, file } = trouble;
  if (kind === 'work-failed' || kind === 'rows-removed') return;
  const more = kind === 'set-aside' ? { keptAs: trouble.keptAs } : {};
  const reason = 'reason' in trouble ? { reason: trouble.reason } : {};
  notify({ kind: 'journal-trouble', bot, trouble: kind, file, ...more, ...reason });
};
