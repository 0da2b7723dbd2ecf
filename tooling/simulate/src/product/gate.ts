import type { Time } from '../time.ts';

/** What a monitor does to the world. */
export type Effect = 'journal' | 'signal' | 'command';

/**
 * Stands between one run of the monitor and the world. A run that was killed reaches nothing any more: none of its timers
 * fires, what it waited for never comes, and what it still calls has no effect. That is what a process that is gone is.
 */
export type Gate = {
  readonly isDead: () => boolean;
  /** Runs it after `ms` of the world, unless the run is gone; while it is frozen, once it goes on. */
  readonly after: Time['after'];
  /** Has an effect on the world: nothing is done by a run that is gone. */
  readonly effect: <T>(otherwise: T, run: () => T, kind?: Effect) => T;
  readonly kill: () => void;
  /** The run is killed at the `n`th effect from now (of this kind), before that or just after it. */
  readonly killAt: (n: number, when: 'before' | 'after', kind?: Effect) => void;
  readonly freeze: (ms: number) => void;
  readonly isFrozen: () => boolean;
};

/** Node fires at once what is set farther ahead than this. */
const farthestMs = 2 ** 31 - 1;

/** @param onKilled is told that the run is gone. `onTimer`: one of its timers has fired. */
export const createGate = (time: Time, onKilled: () => void, onTimer: () => void): Gate => {
  let dead = false;
  let frozenUntil = 0;
  let left: { count: number; readonly when: 'before' | 'after'; readonly kind: Effect | undefined } | null =
    null;
  const kill = () => {
    if (dead) return;
    dead = true;
    onKilled();
  };
  const after: Gate['after'] = (ms, run) => {
    let cancel = () => {};
    const fire = () => {
      if (dead) return;
      if (time.mono() < frozenUntil) {
        cancel = time.after(frozenUntil - time.mono(), fire);
        return;
      }
      onTimer();
      run();
    };
    cancel = time.after(ms > farthestMs ? 1 : ms, fire);
    return () => cancel();
  };
  return {
    isDead: () => dead,
    after,
    effect: (otherwise, run, kind = 'journal') => {
      if (dead) return otherwise;
      const now = left === null || (left.kind ?? kind) !== kind ? null : left;
      if (now !== null) now.count -= 1;
      if (now?.count === 0 && now.when === 'before') {
        kill();
        return otherwise;
      }
      const done = run();
      if (now?.count === 0) kill();
      return done;
    },
    kill,
    killAt: (count, when, kind) => {
      left = { count, when, kind };
    },
    freeze: (ms) => {
      frozenUntil = Math.max(frozenUntil, time.mono() + ms);
    },
    isFrozen: () => time.mono() < frozenUntil,
  };
};
