import type { Store } from '@sentinel/history';
import type { Time } from '../time.ts';
import type { Gate } from './gate.ts';

/** A kill within a transaction takes it back. */
class Killed extends Error {}

/** A journal that a run which is gone writes nothing into any more. */
export const gated = (store: Store, gate: Gate): Store => {
  const alive =
    <T>(work: (records: Parameters<Parameters<Store['transact']>[0]>[0]) => T) =>
    (records: Parameters<Parameters<Store['transact']>[0]>[0]): T => {
      const value = work(records);
      if (gate.isDead()) throw new Killed('the run is gone');
      return value;
    };
  return {
    ...store,
    transact: (work, otherwise) => gate.effect(otherwise, () => store.transact(alive(work), otherwise)),
    ask: (work) =>
      gate.effect<ReturnType<typeof store.ask<ReturnType<typeof work>>>>(
        { kind: 'unknown', reason: 'gone' },
        () => store.ask(alive(work)),
      ),
    write: (write, options) => {
      if (!gate.isDead()) store.write(write, options);
    },
    flush: () => gate.effect(false, store.flush),
    turn: () => (gate.isDead() ? new Promise(() => {}) : store.turn()),
    intoFile: () => gate.effect(undefined, store.intoFile),
    mark: () => (gate.isDead() ? null : store.mark()),
  };
};

/** What a process takes its time from. */
export const clocksOf = (time: Pick<Time, 'wall' | 'mono'>, gate: Gate) => {
  // As in a process: the wall at its start, and what has passed since on a clock that never jumps.
  const origin = time.wall() - time.mono();
  const now = () => origin + time.mono();
  const after = gate.after;
  return {
    // Simulated work takes no processor time of its own.
    monitor: { wall: time.wall, now, usedMs: () => 0, after, heard: async () => {} },
    store: {
      now: time.wall,
      monotonic: now,
      after,
      sleep: (ms: number, signal: AbortSignal) =>
        new Promise<void>((resolve) => {
          const cancel = after(ms, () => {
            signal.removeEventListener('abort', end);
            resolve();
          });
          const end = () => {
            cancel();
            resolve();
          };
          signal.addEventListener('abort', end, { once: true });
        }),
    },
  };
};
