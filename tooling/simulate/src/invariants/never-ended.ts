import type { Run } from '../world/bot.ts';
import { policy } from '../world/bot-options.ts';
import type { Witness, World } from '../world/world.ts';
import type { Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/** It has been well for so long without a break, in ms: an end that was begun before is over by then. */
const steadyMs = 45_000;
/** What was decided before a fault was over may be done so long after it, in ms. */
const decidedMs = 130_000;

/** 4: a bot whose beats land in time is never ended, but by a person. */
export const neverEnded = ({ bots, time }: World, upheavals: Upheavals, violate: Violate): Witness => {
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
    signalled: (slot, run, signal) => {
      const since = steadySince.get(run);
      const now = time.mono();
      const index = bots.indexOf(slot);
      if (since === undefined || run.habit !== 'healthy' || now - since < steadyMs) return;
      if (now - (run.lastBeatAt ?? 0) > policy.maxAgeMs / 2) return;
      if (upheavals.orderedSince(now - decidedMs, 'restart')) return;
      // Whoever may not end it at once does so as soon as that is safe.
      if (run.beganAt < (upheavals.orderedAt(index, 'stop') ?? 0)) return;
      // An end that was begun before is dated wrongly: whether the bot has beaten since is not known.
      if (upheavals.clocksForgottenSince(upheavals.monitorEndedAt() ?? 0)) return;
      if (upheavals.ofBotSince(index, now - decidedMs, 'silent', 'hang', 'stuck', 'error')) return;
      violate(
        4,
        `${signal} is sent to ${slot.setup.name}, process ${run.proc.pid}, which has beaten on time for ${Math.round((now - since) / 1000)} s`,
      );
    },
  };
};
