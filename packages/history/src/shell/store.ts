import { type Clock, systemClock } from './clock.ts';
import { createOpenFile } from './open-file.ts';
import { createOutboxMemory } from './outbox-memory.ts';
import { createSafeWork } from './safe-work.ts';
import { reasonOf, saveLog } from './sqlite.ts';
import type { Keeper, Store, StoreOptions } from './store-options.ts';
import { Transactions } from './transaction.ts';
import { createTroubles } from './troubles.ts';
import { createWriteQueue } from './write-queue.ts';

const defaults = { lockWaitMs: 1000, restMs: 2000, holdMs: 30_000, clock: systemClock };
/** What waits for a journal that takes nothing is tried again this often at most, in ms. */
const shortestRetryMs = 250;

/**
 * Opens the journal at `file` for a process that must not stop for it. A damaged file is set aside and a new one begun;
 * with a full, locked or read-only disk the work goes on without a journal, and what is to be written is written later.
 * Alerts that wait for their delivery outlive a file that was damaged, removed or replaced.
 *
 * @example
 * const store = openStore('logs/sentinel.db');
 * store.listen((trouble) => log(describeTrouble(trouble)));
 * const kept = store.transact((records) => records.getState('monitor:bot'), undefined);
 * store.write((records) => records.touch('bot', Date.now(), 'healthy'));
 * store.close();
 */
export const openStore = (file: string, options: StoreOptions = {}): Store => {
  const { lockWaitMs, restMs, holdMs, clock } = { ...defaults, ...options };
  const troubles = createTroubles(holdMs, clock.monotonic);
  const onFault = (error: unknown) => troubles.tell({ kind: 'work-failed', file, reason: reasonOf(error) });
  const journal = createOpenFile(file, lockWaitMs, onFault);
  const queue = createWriteQueue();
  const memory = createOutboxMemory(clock.now);
  const keepers = new Set<Keeper>();
  const transactions = new Transactions({ journal, queue, memory, keepers, onFault });
  const safe = createSafeWork({ file, clock, restMs, troubles, journal, memory, transactions, onFault });

  const flush = (): boolean => {
    if (transactions.isRunning()) return true;
    later.cancel();
    if (queue.size() > 0) safe.transact(() => {}, undefined);
    if (queue.size() > 0) later.schedule(Math.max(restMs, shortestRetryMs));
    return queue.size() === 0;
  };
  const later = createEarliest(clock, flush);

  return {
    file,
    transact: safe.transact,
    ask: safe.ask,
    write: (write, { withinMs = 0, ...how } = {}) => {
      if (transactions.joinWrite(write, how)) return;
      queue.add({ write, ...how });
      later.schedule(withinMs);
    },
    flush,
    turn: () =>
      new Promise((resolve) => {
        later.schedule(0);
        clock.after(0, resolve);
      }),
    waitingFor: memory.waitingFor,
    attend: (keeper) => {
      keepers.add(keeper);
      return () => void keepers.delete(keeper);
    },
    intoFile: () => {
      const open = transactions.isRunning() ? undefined : journal.current();
      if (open !== undefined) saveLog(open.database);
    },
    mark: journal.mark,
    listen: troubles.listen,
    close: () => {
      flush();
      later.cancel();
      journal.close();
    },
  };
};

/** One timer, for the earliest of the instants that it was asked for. */
const createEarliest = (clock: Clock, run: () => void) => {
  let timer: { readonly at: number; readonly cancel: () => void } | null = null;
  const cancel = () => {
    timer?.cancel();
    timer = null;
  };
  return {
    cancel,
    schedule: (inMs: number): void => {
      const at = clock.monotonic() + inMs;
      if (timer !== null && timer.at <= at) return;
      cancel();
      timer = { at, cancel: clock.after(inMs, run) };
    },
  };
};
