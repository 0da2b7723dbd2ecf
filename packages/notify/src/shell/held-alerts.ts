import type { AlertRow, OutboxBatch, Store, WaitingAlert } from '@sentinel/history';

/** An alert that is not on the disk yet. */
type Held = {
  readonly alert: AlertRow;
  /** The channels that it has not reached. */
  readonly open: Set<string>;
};

/** Bounds what is held in memory when neither the disk nor the far end takes anything. */
export const mostHeld = 1000;

const doneKey = (channel: string, { key }: Pick<AlertRow, 'key'>) => `${channel} ${key}`;

/** Without a batch: every alert. */
const isIn = (batch: OutboxBatch | undefined) => {
  const keys = batch && new Set(batch.alerts.map(({ key }) => key));
  return ({ alert }: Pick<Held, 'alert'>) => keys?.has(alert.key) !== false;
};

/** What the journal does not say yet: alerts that wait to be written, and what became of written ones. */
export const createHeldAlerts = (store: Store, log: (line: string) => void) => {
  const held = new Set<Held>();
  /** What no longer waits for a channel. */
  const done = new Set<string>();
  const bound = createBound(held, store, log);

  const written = (channel: string) =>
    store.waitingFor(channel).filter(({ alert }) => !done.has(doneKey(channel, alert)));

  /** What the journal is known to hold for the one channel waits for the other, until it stands there as well. */
  const moveWritten = (from: string, to: string, only: OutboxBatch | undefined): (() => void) => {
    const moved = written(from)
      .filter(isIn(only))
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

  return {
    hold: (alert: AlertRow, channels: readonly string[]) => bound({ alert, open: new Set(channels) }),
    /** What waits: first what the journal is known to hold, which was raised before it could not be used. */
    waiting: (channel: string): readonly WaitingAlert[] => {
      const ours = [...held].filter(({ open }) => open.has(channel));
      const news = ours.map(({ alert }) => ({ alert, batch: null, attempts: 0 }));
      const noted = [...written(channel), ...news.filter(({ alert }) => alert.id > 0)];
      return [
        ...noted.sort((a, b) => a.alert.id - b.alert.id),
        ...news.filter(({ alert }) => alert.id === 0),
      ];
    },
    /** It waits for the channel no more. What it gives is to be called once the journal says so. */
    finish: (channel: string, batch: OutboxBatch): (() => void) => {
      for (const item of [...held].filter(isIn(batch))) {
        item.open.delete(channel);
        // What was sent from memory need not be written down any more, only counted.
        if (item.open.size === 0) held.delete(item);
      }
      const keys = batch.alerts.map((alert) => doneKey(channel, alert));
      for (const key of keys) done.add(key);
      return () => {
        for (const key of keys) done.delete(key);
      };
    },
    /** It waits for the other channel. What it gives is to be called once the journal says so. */
    reroute: (from: string, to: string, only: OutboxBatch | undefined): (() => void) => {
      for (const { open } of [...held].filter(isIn(only))) if (open.delete(from)) open.add(to);
      return moveWritten(from, to, only);
    },
  };
};

/** Adds to what is held, and lets go of the oldest where that is too much. */
const createBound = (held: Set<Held>, store: Store, log: (line: string) => void) => {
  let dropped = 0;
  const dropOldest = (item: Held) => {
    const [oldest = item] = held;
    held.delete(oldest);
    dropped += 1;
    // Once, and their number when it is known: a disk that stays full must not fill the log.
    if (dropped === 1)
      log(`More than ${mostHeld} notifications wait in memory: from now on the oldest are dropped`);
  };
  return (item: Held) => {
    held.add(item);
    // So many at once are no trouble where the disk takes them.
    if (held.size > mostHeld && !store.flush()) dropOldest(item);
    return {
      isHeld: () => held.has(item),
      lose: () => held.delete(item),
      /** It is on the disk now. */
      release: () => {
        held.delete(item);
        if (dropped > 0) log(`${dropped} notifications were dropped while the journal could not be used`);
        dropped = 0;
      },
    };
  };
};
