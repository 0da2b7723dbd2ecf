import { errorMessage } from '@sentinel/heartbeat-core';
import { type Clock, type LeftChannel, type Store, type StoreTrouble, systemClock } from '@sentinel/history';
import type { Channel, Http } from '../core/channel.ts';
import { linkOf } from '../core/link.ts';
import type { Notification } from '../core/notification.ts';
import { readAlert } from '../core/read-alert.ts';
import { pruneChannelMemory } from './channel-memory.ts';
import { createDeliveries, type Death } from './deliveries.ts';
import { createHttp, type ProxyOptions } from './http.ts';
import { Outbox } from './outbox.ts';

export type NotifierOptions = {
  /** Keeps waiting notifications until they are delivered, and the results of the channels. */
  readonly store: Store;
  /** The destinations. Without one, notifications go only to the log. */
  readonly channels: readonly Channel[];
  /** Notify nobody for now: notifications go only to the log, and waiting ones continue to wait. Default: false. */
  readonly off?: boolean;
  readonly log: (line: string) => void;
  /** The name in messages about the notifier's own problems (a dead channel, a damaged journal). Default: `sentinel`. */
  readonly name?: string;
  /** The name of this machine, for messages that do not contain one. */
  readonly host?: string;
  /** The address of the page, as people reach it: each message links to what it is about. Default: no links. */
  readonly page?: string;
  /** How channels make requests. Default: HTTP of this machine, with `timeoutMs` and `proxy`. */
  readonly http?: Http;
  /** How long one request may take, in ms. Default: 10,000. */
  readonly timeoutMs?: number;
  readonly proxy?: ProxyOptions;
  /** Default: that of the system. */
  readonly clock?: Clock;
  /** From 0 to 1, for the waits between tries. Default: `Math.random`. */
  readonly random?: () => number;
};

/** The state of a channel while the notifier runs; the journal keeps more. `dead`: why the channel is not used any more. */
export type ChannelState = { readonly name: string; readonly dead: string | null };

/** Where a notification is now: on disk it survives the process. */
export type Kept = 'disk' | 'memory' | 'nowhere';

export type Notifier = {
  /**
   * Stores a notification, to be delivered after the earlier ones. It is written at the end of this turn of the loop, in
   * one transaction with everything else of this turn. Within `store.transact` it is part of that transaction: if the
   * transaction fails, the notification is lost with it, and the caller must raise it again. Without a usable journal it is
   * kept in memory. Never throws.
   */
  readonly notify: (notification: Notification) => void;
  /** Stores a notification at once, and returns where it is kept. Never throws. */
  readonly keep: (notification: Notification) => Kept;
  /** Resolves when nothing waits for a channel that is not dead, or after `withinMs` ms (default 5,000). `true`: nothing waits. */
  readonly flush: (withinMs?: number) => Promise<boolean>;
  /** Ends the delivery. The next start delivers what waits. Resolves when no request is running. */
  readonly stop: () => Promise<void>;
  readonly channels: () => readonly ChannelState[];
};

const keptDays = 30;
const keptMs = keptDays * 24 * 60 * 60_000;

/**
 * Delivers notifications at least once, in order, at the pace of each channel. It tries until they arrive.
 *
 * @example
 * // The store is what `openStore` of `@sentinel/history` gives.
 * const notifyOnce = async (store: NotifierOptions['store']) => {
 *   const channels = [channelOf(jsonChannel, { url }, { name: 'ops' })];
 *   const notifier = createNotifier({ store, channels, log });
 *   notifier.notify({ kind: 'test', bot: 'bot', by: 'ann' });
 *   await notifier.flush();
 *   await notifier.stop();
 * };
 */
export const createNotifier = (options: NotifierOptions): Notifier => {
  const { store, log, name = 'sentinel', timeoutMs = 10_000, proxy, host, page, off = false } = options;
  const channels = off ? [] : withOneThatIsUsed(options.channels);
  const { clock = systemClock, random = Math.random } = options;
  const { http = createHttp({ timeoutMs, proxy, now: clock.now }) } = options;
  const outbox = new Outbox(store, log);
  const onNews = () => {
    for (const delivery of deliveries.all) delivery.wake();
  };
  const intake = createIntake({ outbox, clock, log, host, page, onNews });
  const onDead = ({ fallback, tell, ...death }: Death) =>
    void intake.add(
      { kind: 'channel-dead', bot: name, ...death, ...(fallback === null ? {} : { fallback }) },
      () => tell,
    );
  const onMoved = intake.announceSoon;
  const deliveries = createDeliveries({ channels, store, outbox, http, clock, random, log, onDead, onMoved });
  const add = (notification: Notification) =>
    intake.add(notification, () => deliveries.targets(notification));
  const notify = (notification: Notification) => void add(notification);

  pruneChannelMemory(store, clock.now() - keptMs);
  for (const line of tidy(store, channels, clock.now(), off)) log(line);
  for (const delivery of deliveries.all) delivery.start();
  store.listen((trouble) => reportTrouble(trouble, name, notify));

  return {
    notify,
    keep: (notification) => {
      if (!add(notification)) return 'nowhere';
      return store.flush() ? 'disk' : 'memory';
    },
    flush: async (withinMs = 5000) => {
      if (intake.isPending()) await store.turn();
      const limit = new AbortController();
      const idle = Promise.all(deliveries.all.map((delivery) => delivery.idle())).then(() => true);
      const late = clock.sleep(withinMs, limit.signal).then(() => false);
      return Promise.race([idle, late]).finally(() => limit.abort());
    },
    stop: async () => {
      store.flush();
      if (intake.isPending()) intake.announce();
      await Promise.all(deliveries.all.map((delivery) => delivery.stop()));
    },
    channels: () => deliveries.all.map(({ channel, dead }) => ({ name: channel.name, dead: dead() })),
  };
};

type IntakeOptions = {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly host: string | undefined;
  readonly page: string | undefined;
  readonly onNews: () => void;
};

/** Takes notifications in: they go into the outbox, and are told to the log and to the deliveries at the end of the turn. */
const createIntake = ({ outbox, clock, log, host, page, onNews }: IntakeOptions) => {
  const added = new Set<{ readonly key: string; readonly at: number; readonly body: string }>();
  let unannounce: (() => void) | null = null;

  const announce = () => {
    unannounce?.();
    unannounce = null;
    for (const row of added) log(readAlert(row).line);
    added.clear();
    onNews();
  };
  /** Once the transaction that may run now has ended. */
  const announceSoon = () => {
    unannounce ??= clock.after(0, announce);
  };

  return {
    announce,
    announceSoon,
    /** Something was taken in, and is not told yet. */
    isPending: () => unannounce !== null,
    /** Takes one in for these channels. False: it is kept nowhere. */
    add: (notification: Notification, names: () => readonly string[]): boolean => {
      try {
        // An instant that is none would be refused by the journal.
        const at = Number.isFinite(notification.at) ? Number(notification.at) : clock.now();
        const body = JSON.stringify({
          ...(host === undefined ? {} : { host }),
          ...(page === undefined ? {} : { link: linkOf(page, notification) }),
          ...notification,
        });
        const row = { key: '', at, body };
        added.add(row);
        const to = names();
        outbox.add(body, at, to, () => added.delete(row));
        if (to.length === 0 && notification.kind === 'test' && notification.channel !== undefined)
          log(
            `The next test alert reaches nobody: no channel that is used is called ${notification.channel}`,
          );
        announceSoon();
        return true;
      } catch (error) {
        log(`A notification could not be written down: ${errorMessage(error)}`);
        return false;
      }
    },
  };
};

/** A fallback that stands for nothing else is a channel as any other. */
const withOneThatIsUsed = (channels: readonly Channel[]): readonly Channel[] =>
  channels.every((channel) => channel.fallback === true)
    ? channels.map((channel) => ({ ...channel, fallback: false }))
    : channels;

/** Leaves what is old and channels that are not set up any more. What there is to say of it. */
const tidy = (store: Store, channels: readonly Channel[], at: number, off: boolean): readonly string[] => {
  const left = store.transact((records) => {
    const before = at - keptMs;
    const names = channels.map((channel) => channel.name);
    const channelsLeft = records.keepChannels(names, { before, at, absence: off ? 'off' : 'not-set-up' });
    records.pruneAlerts(before);
    return channelsLeft;
  }, []);
  const lines = left.flatMap(describeLeft);
  if (off) return ['Notifications are off: they go to this log only', ...lines];
  return channels.length > 0
    ? lines
    : ['No notification channel is set up: notifications go to this log only', ...lines];
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

const reportTrouble = (
  trouble: StoreTrouble,
  bot: string,
  notify: (notification: Notification) => void,
): void => {
  const { kind, file } = trouble;
  if (kind === 'work-failed' || kind === 'rows-removed') return;
  const more =
    'keptAs' in trouble && trouble.keptAs !== undefined
      ? { keptAs: trouble.keptAs }
      : kind === 'usable-again'
        ? { relapses: trouble.relapses }
        : {};
  const by = kind === 'unusable' ? (trouble.by ?? '') : '';
  const reason = 'reason' in trouble ? { reason: `${trouble.reason}${by}` } : {};
  notify({ kind: 'journal-trouble', bot, trouble: kind, file, ...more, ...reason });
};
