import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, backoffMs } from '@sentinel/heartbeat-core';
import type { Beat } from '../beat.ts';
import { firstLineOf, ofAbort } from '../core/faults.ts';
import { statuses } from '../core/statuses.ts';
import type { Log } from '../log.ts';
import type { Cycle } from './cycle.ts';

type LoopOptions = {
  readonly cycle: Cycle;
  /** Called before each cycle: drills, the daily summary. A throw counts as an error of the cycle. */
  readonly before: (signal: AbortSignal) => Promise<void>;
  readonly pollMs: number;
  readonly errorBackoff: Backoff;
  readonly beat: Beat;
  readonly log: Log;
};

/** Runs cycle after cycle until `signal` is aborted. Never rejects: an error is beaten, waited off, and the loop lives on. */
export const runTradingLoop = async (options: LoopOptions, signal: AbortSignal): Promise<void> => {
  const { cycle, beat, log } = options;
  let errors = 0;
  let progress = 0;
  const wait = (ms: number) => sleep(ms, undefined, { signal }).catch(ofAbort);

  const once = async (): Promise<number> => {
    await options.before(signal);
    const result = await cycle(signal);
    errors = 0;
    // Only a whole cycle is progress: a bot that waits for its login beats, and yet does no work.
    if (result.kind === 'complete' && !signal.aborted) {
      progress += 1;
      beat(statuses.cycleComplete(result.signals, result.trades), { progress, ...result.facts });
    }
    return options.pollMs;
  };

  const failed = (error: unknown): number => {
    errors += 1;
    const ms = backoffMs(errors, options.errorBackoff);
    log.error({ err: firstLineOf(error), errors }, `Trading loop error: ${firstLineOf(error)}`);
    beat(statuses.loopError(firstLineOf(error).slice(0, 200), Math.ceil(ms / 1000)));
    return ms;
  };

  while (!signal.aborted) {
    const ms = await once().catch((error: unknown) => (signal.aborted ? 0 : failed(error)));
    if (!signal.aborted) await wait(ms);
  }
};
