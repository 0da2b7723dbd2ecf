import { InstanceHeldError } from '@sentinel/heartbeat-core';
import type { Pieces } from '../mutations/pieces.ts';
import type { World } from '../world/world.ts';
import { type MonitorRun, startRun } from './monitor-run.ts';

/** Whoever keeps the monitor running, systemd say: starts it again some time after it has ended. */
export type Keeper = ReturnType<typeof createKeeper>;

export const createKeeper = (world: World, pieces: Pieces, onEnd: (run: MonitorRun) => void) => {
  const runs: MonitorRun[] = [];
  let current: MonitorRun | null = null;
  let isStarting = false;
  let isKept = true;

  const start = () => {
    isStarting = false;
    world.journal.release();
    current = startRun(world, pieces);
    runs.push(current);
    world.touch();
  };
  const startIn = (ms: number) => {
    if (isStarting) return;
    isStarting = true;
    world.time.after(ms, start);
  };
  const ended = (run: MonitorRun, awayMs: number) => {
    onEnd(run);
    run.dispose();
    if (current === run) current = null;
    if (isKept) startIn(awayMs);
  };
  return {
    start,
    current: () => current,
    runs: () => runs,
    kill: (awayMs: number) => {
      const run = current;
      if (run === null) return;
      run.gate.kill();
      ended(run, awayMs);
    },
    /** One that was killed in the middle of what it did. */
    bury: (awayMs: number) => {
      if (current?.gate.isDead() === true) ended(current, awayMs);
    },
    stop: (awayMs: number) => {
      const run = current;
      if (run === null) return;
      current = null;
      isStarting = true;
      void run.stop().then(() => {
        isStarting = false;
        ended(run, awayMs);
      });
      world.touch();
    },
    /** Starts another one beside it. True: it was refused. */
    second: (): boolean => {
      try {
        const second = startRun(world, pieces);
        second.gate.kill();
        second.dispose();
        return false;
      } catch (error) {
        if (!(error instanceof InstanceHeldError)) throw error;
        return true;
      }
    },
    leave: () => {
      isKept = false;
      current?.gate.kill();
      current?.dispose();
    },
  };
};
