import { randomUUID } from 'node:crypto';
import type { AlertRow, Batch, ChannelRow, DeliveryResult, Records, Store } from '@sentinel/history';
import type { Channel } from '../core/channel.ts';

/** What waits for one channel and goes out as one message. */
export type Waiting = Batch;

type Held = { readonly alert: AlertRow; readonly channels: Set<string> };
type Settled = {
  readonly channel: string;
  readonly batch: Waiting;
  readonly result: DeliveryResult;
  readonly at: number;
};

/** What is to be sent, on disk while the disk can be used, and in memory for as long as it cannot. */
export type Outbox = ReturnType<typeof createOutbox>;

/** Bounds what is held in memory when neither the disk nor the far end takes anything. */
export const mostHeld = 1000;

const keysOf = (batch: Waiting) => new Set(batch.alerts.map(({ key }) => key));

export const createOutbox = (store: Store, log: (line: string) => void) => {
  let inMemory: Held[] = [];
  let unsettled: Settled[] = [];
  let lastId = 0;
  let lastKey: string | null = null;
  let usable = true;
  let dropped = 0;

  const writeAll = (records: Records, held: readonly Held[]) => {
    for (const { alert, channels } of held) records.addAlert(alert, [...channels]);
  };

  const hold = (alert: AlertRow, channels: readonly string[]) => {
    inMemory.push({ alert, channels: new Set(channels) });
    if (inMemory.length <= mostHeld) return;
    inMemory.shift();
    dropped += 1;
    // Once, and their number when it is known: a disk that stays full must not fill the log.
    if (dropped === 1)
      log(`More than ${mostHeld} notifications wait in memory: from now on the oldest are dropped`);
  };

  /** These are on the disk now. */
  const release = (held: readonly Held[]) => {
    const written = new Set(held);
    inMemory = inMemory.filter((each) => !written.has(each));
    if (dropped > 0) log(`${dropped} notifications were dropped while the journal could not be used`);
    dropped = 0;
  };

  const remember = (settled: Settled) => {
    unsettled.push(settled);
    if (unsettled.length <= mostHeld) return;
    // Of what was sent from memory only the count would be lost; what is on the disk would be sent again.
    const spare = unsettled.findIndex(({ batch }) => batch.alerts.every(({ id }) => id === 0));
    unsettled.splice(Math.max(0, spare), 1);
  };

  /** Writes down what could not be written before. */
  const catchUp = () => {
    if (inMemory.length === 0 && unsettled.length === 0) return;
    const [held, settled] = [[...inMemory], [...unsettled]];
    const landed = store.transact((records) => {
      for (const { channel, batch, result, at } of settled) records.finishBatch(channel, batch, result, at);
      writeAll(records, held);
      return true;
    }, false);
    if (!landed) return;
    // That the journal can be used again is an alert too, and may be held by now.
    release(held);
    unsettled = unsettled.filter((each) => !settled.includes(each));
  };

  const fromMemory = (channel: string, most: number): Waiting | null => {
    const alerts = inMemory.filter(({ channels }) => channels.has(channel)).map(({ alert }) => alert);
    const [first] = alerts;
    return first === undefined ? null : { key: first.key, attempts: 0, alerts: alerts.slice(0, most) };
  };

  const waitingFor = (channel: string, most: number): Waiting | null => {
    catchUp();
    const read = store.transact<Waiting | null | undefined>(
      (records) => records.nextBatch(channel, most, randomUUID()),
      undefined,
    );
    usable = read !== undefined;
    const kept = read ?? null;
    const done = new Set(
      unsettled
        .filter((each) => each.channel === channel)
        .flatMap(({ batch }) => batch.alerts.map(({ key }) => key)),
    );
    const alerts = kept?.alerts.filter(({ key }) => !done.has(key)) ?? [];
    return kept !== null && alerts.length > 0 ? { ...kept, alerts } : fromMemory(channel, most);
  };

  return {
    /**
     * Adds an alert. Within a transaction of the store it lands with it or not at all.
     */
    add: (body: string, at: number, channels: readonly string[]): 'disk' | 'memory' => {
      const alert = { key: randomUUID(), at, body };
      const held = [...inMemory];
      const landed = store.transact((records) => {
        // What came earlier goes before it.
        writeAll(records, held);
        records.addAlert(alert, channels);
        return true;
      }, false);
      // What joined a transaction may be taken back with it, and is added only once: it stays in memory until it is sure.
      if (store.inTransaction()) return 'disk';
      if (landed) {
        release(held);
        return 'disk';
      }
      hold({ ...alert, id: 0 }, channels);
      return 'memory';
    },
    /**
     * What is to be sent next: the oldest alert by itself, or, where too many wait, as many as go into one message. What
     * was being sent when a process ended stays as it was.
     */
    next: ({ name, pace }: Pick<Channel, 'name' | 'pace'>): Waiting | null => {
      const batch = waitingFor(name, pace.mostTogether);
      return batch === null || batch.attempts > 0 || batch.alerts.length > pace.mostSingle
        ? batch
        : { ...batch, alerts: batch.alerts.slice(0, 1) };
    },
    /** False: when `next` was last asked, it could not see what waits on the disk. */
    usable: () => usable,
    begin: (channel: string, batch: Waiting, row: ChannelRow): void =>
      store.transact((records) => {
        records.beginBatch(channel, batch);
        records.setChannel(row);
      }, undefined),
    finish: (channel: string, batch: Waiting, result: DeliveryResult, at: number, row: ChannelRow): void => {
      // First of all: what was sent from memory must not be written down any more as something that waits.
      const keys = keysOf(batch);
      for (const { alert, channels } of inMemory) if (keys.has(alert.key)) channels.delete(channel);
      inMemory = inMemory.filter(({ channels }) => channels.size > 0);
      const landed = store.transact((records) => {
        records.finishBatch(channel, batch, result, at);
        records.setChannel(row);
        return true;
      }, false);
      if (!landed) remember({ channel, batch, result, at });
    },
    /** Hands everything that waits for one channel, or what of it is in `only`, to another one. */
    reroute: (from: string, to: string, at: number, only?: Waiting): void => {
      const keys = only === undefined ? undefined : keysOf(only);
      for (const { alert, channels } of inMemory)
        if (keys?.has(alert.key) !== false && channels.delete(from)) channels.add(to);
      store.transact((records) => records.reroute(from, to, at, only), undefined);
    },
    /** Alerts that have been added since this was last asked. */
    added: (): readonly AlertRow[] => {
      const rows = store.transact((records) => {
        // A journal that was begun anew numbers its rows from one again, and may have as many by now.
        const [last] = lastId === 0 ? [] : records.alertsAfter(lastId - 1, 1);
        const isAnother = last?.id === lastId && lastKey !== null && last.key !== lastKey;
        if (isAnother || records.lastAlertId() < lastId) lastId = 0;
        return records.alertsAfter(lastId, 1000);
      }, []);
      const last = rows.at(-1);
      lastId = last?.id ?? lastId;
      lastKey = last?.key ?? lastKey;
      return rows;
    },
    /** Skips what stood there before, for `added`. */
    begun: <T>(work: (records: Records) => T, otherwise: T): T =>
      store.transact((records) => {
        const value = work(records);
        lastId = records.lastAlertId();
        return value;
      }, otherwise),
  };
};
