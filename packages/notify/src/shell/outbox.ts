import { randomUUID } from 'node:crypto';
import type {
  AlertRow,
  ChannelRow,
  DeliveryResult,
  OutboxBatch,
  Store,
  WaitingAlert,
} from '@sentinel/history';
import type { Channel } from '../core/channel.ts';

/** An alert that is not on the disk yet. */
type Held = {
  readonly alert: AlertRow;
  /** The channels that it has not reached. */
  readonly open: Set<string>;
};

/** What is to be sent, on disk while the disk can be used, and in memory for as long as it cannot. */
export type Outbox = ReturnType<typeof createOutbox>;

/** Bounds what is held in memory when neither the disk nor the far end takes anything. */
export const mostHeld = 1000;

const doneKey = (channel: string, { key }: Pick<AlertRow, 'key'>) => `${channel} ${key}`;

const keysOf = (batch: OutboxBatch) => new Set(batch.alerts.map(({ key }) => key));

export const createOutbox = (store: Store, log: (line: string) => void) => {
  const held = new Set<Held>();
  /** What no longer waits for a channel, while the journal does not say so yet. */
  const done = new Set<string>();
  let usable = true;
  let dropped = 0;

  const hold = (item: Held) => {
    held.add(item);
    // So many at once are no trouble where the disk takes them.
    if (held.size <= mostHeld || store.flush()) return;
    const [oldest = item] = held;
    held.delete(oldest);
    dropped += 1;
    // Once, and their number when it is known: a disk that stays full must not fill the log.
    if (dropped === 1)
      log(`More than ${mostHeld} notifications wait in memory: from now on the oldest are dropped`);
  };

  /** It is on the disk now. */
  const release = (item: Held) => {
    held.delete(item);
    if (dropped > 0) log(`${dropped} notifications were dropped while the journal could not be used`);
    dropped = 0;
  };

  /** What waits: first what the journal is known to hold, which was raised before it could not be used. */
  const known = (channel: string): readonly WaitingAlert[] => {
    const ours = [...held].filter(({ open }) => open.has(channel)).map(({ alert }) => alert);
    const news = ours.map((alert) => ({ alert, batch: null, attempts: 0 }));
    const old = store.waitingFor(channel).filter(({ alert }) => !done.has(doneKey(channel, alert)));
    const noted = [...old, ...news.filter(({ alert }) => alert.id > 0)];
    return [...noted.sort((a, b) => a.alert.id - b.alert.id), ...news.filter(({ alert }) => alert.id === 0)];
  };

  const fromMemory = (channel: string, most: number): OutboxBatch | null => {
    const all = known(channel);
    const begun = all.filter(({ batch }) => batch !== null);
    const rows = begun.length > 0 ? begun : all.slice(0, most);
    const [first] = rows;
    if (first === undefined) return null;
    const { batch, attempts, alert } = first;
    return { key: batch ?? alert.key, attempts, alerts: rows.map((row) => row.alert) };
  };

  /** What the journal is known to hold for the one channel waits for the other, until it stands there as well. */
  const moveKnown = (from: string, to: string, only: OutboxBatch | undefined): (() => void) => {
    const keys = only === undefined ? undefined : keysOf(only);
    const moved = store
      .waitingFor(from)
      .filter(({ alert }) => keys?.has(alert.key) !== false && !done.has(doneKey(from, alert)))
      .map(({ alert }): Held => ({ alert, open: new Set([to]) }));
    for (const item of moved) {
      done.add(doneKey(from, item.alert));
      held.add(item);
    }
    return () => {
      for (const item of moved) {
        done.delete(doneKey(from, item.alert));
        held.delete(item);
      }
    };
  };

  const heldOf = (batch: OutboxBatch | undefined) => {
    const keys = batch === undefined ? undefined : keysOf(batch);
    return [...held].filter(({ alert }) => keys?.has(alert.key) !== false);
  };

  return {
    /** Adds an alert, as `write` of the store does. `onLost`: it is gone with the transaction that it was raised in. */
    add: (body: string, at: number, channels: readonly string[], onLost: () => void): void => {
      const item: Held = { alert: { id: 0, key: randomUUID(), at, body }, open: new Set(channels) };
      hold(item);
      store.write((records) => held.has(item) && records.addAlert(item.alert, channels), {
        lasting: true,
        onLanded: () => release(item),
        onLost: () => {
          held.delete(item);
          onLost();
        },
      });
    },
    /**
     * What is to be sent next: the oldest alert by itself, or, where too many wait, as many as go into one message. What
     * was being sent when a process ended stays as it was.
     */
    next: ({ name, pace }: Pick<Channel, 'name' | 'pace'>): OutboxBatch | null => {
      // What waits in memory lands with this question, or else the disk says nothing.
      const kept = store.transact<OutboxBatch | null | undefined>(
        (records) => records.nextBatch(name, pace.mostTogether, randomUUID()),
        undefined,
      );
      usable = kept !== undefined;
      const batch = kept === undefined ? fromMemory(name, pace.mostTogether) : kept;
      return batch === null || batch.attempts > 0 || batch.alerts.length > pace.mostSingle
        ? batch
        : { ...batch, alerts: batch.alerts.slice(0, 1) };
    },
    /** The journal could be read when it was last asked for what waits. */
    usable: (): boolean => usable,
    /** One more try begins: noted before it is made, so that a process which is killed meanwhile leaves word of it. */
    begin: (channel: string, batch: OutboxBatch, row: ChannelRow): void =>
      store.transact((records) => {
        records.beginBatch(channel, batch);
        records.setChannel(row);
      }, undefined),
    finish: (
      channel: string,
      batch: OutboxBatch,
      result: DeliveryResult,
      at: number,
      row: ChannelRow,
    ): void => {
      for (const item of heldOf(batch)) {
        item.open.delete(channel);
        // What was sent from memory need not be written down any more, only counted.
        if (item.open.size === 0) held.delete(item);
      }
      const keys = batch.alerts.map((alert) => doneKey(channel, alert));
      for (const key of keys) done.add(key);
      const forget = () => {
        for (const key of keys) done.delete(key);
      };
      store.write(
        (records) => {
          records.finishBatch(channel, batch, result, at);
          records.setChannel(row);
        },
        { lasting: true, onLanded: forget, onLost: forget },
      );
      store.flush();
    },
    /** Hands everything that waits for one channel, or what of it is in `only`, to another one. */
    reroute: (from: string, to: string, at: number, only?: OutboxBatch): void => {
      for (const { open } of heldOf(only)) if (open.delete(from)) open.add(to);
      const forget = moveKnown(from, to, only);
      store.write((records) => records.reroute(from, to, at, only), {
        lasting: true,
        onLanded: forget,
        onLost: forget,
      });
    },
  };
};
