import type { Run } from '../world/bot.ts';
import { policy } from '../world/bot-options.ts';
import type { Witness, World } from '../world/world.ts';
import type { Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/** It has been well for so long without a break, in ms: an end that was begun before is over by then. */
const steadyMs = 45_000;

/** 4: a bot whose beats land in time is never ended, but by a person. */
export const neverEnded = ({ time }: World, upheavals: Upheavals, violate: Violate): Witness => {
  const steadySince = new Map<Run, number>();
  return {
    beat: (slot, run) => {
      const before = steadySince.get(run);
      const isWell = run.habit === 'healthy' && slot.bot.living().length === 1;
      if (!isWell) steadySince.delete(run);
      else if (before === undefined || time.mono() - (run.lastBeatAt ?? 0) > policy.maxAgeMs)
        steadySince.set(run, time.mono());
    },
    strangerSignalled: (pid, signal) => violate(4, `${signal} is sent to process ${pid}, which is no bot`),
    signalled: ({ setup }, run, signal) => {
      const since = steadySince.get(run);
      const now = time.mono();
      if (since === undefined || run.habit !== 'healthy' || now - since < steadyMs) return;
      if (now - (run.lastBeatAt ?? 0) > policy.maxAgeMs / 2) return;
      // A first beat that is dated long ago may come from a backup.
      if (upheavals.since(0, 'bot-clock')) return;
      if (upheavals.since(now - 130_000, 'ordered', 'silent', 'hang', 'stuck', 'error')) return;
      violate(
        4,
        `${signal} is sent to ${setup.name}, process ${run.proc.pid}, which has beaten on time for ${Math.round((now - since) / 1000)} s`,
      );
    },
  };
};
