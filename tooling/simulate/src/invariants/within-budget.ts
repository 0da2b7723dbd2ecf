import type { Gate } from '../product/gate.ts';
import { policy } from '../world/bot-options.ts';
import type { Slot, Witness, World } from '../world/world.ts';
import { turnOf } from './turn.ts';
import type { Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/** A restart counts from its decision; the end of the bot before it may take so long, in ms. */
const endingMs = 11_000;

/** 6: no more restarts than the budget, over any number of monitors. */
export const withinBudget = ({ time }: World, upheavals: Upheavals, violate: Violate): Witness => {
  const ran = new Map<Slot, number[]>();
  const resorts = new Map<Slot, { times: number; readonly since: number }>();
  /** What was known of restarts may be lost, or the window has moved. */
  const isExcused = (from: number): boolean =>
    // A clock that is set moves the window of a monitor that begins then.
    (upheavals.since(from, 'clock-set', 'machine-sleeps') && upheavals.monitorEndedSince(from)) ||
    upheavals.clocksForgottenSince(from) ||
    upheavals.orderedSince(from, 'reset') ||
    upheavals.since(from, 'journal-removed', 'journal-is-folder') ||
    upheavals.spoiltSince(from);
  const attempted = new Map<Slot, Gate>();
  const commandRuns = (slot: Slot, gate: Gate) => {
    // As its parent a monitor that begins starts it, which is no restart: that of the monitor before was not made.
    const isAttempt = attempted.get(slot) === gate;
    attempted.delete(slot);
    if (!isAttempt && slot.setup.supervise === true) return;
    const now = time.mono();
    const times = [...(ran.get(slot) ?? []), now];
    ran.set(slot, times);
    const lately = times.filter((at) => now - at < policy.windowMs - endingMs);
    if (lately.length > policy.most && !isExcused(now - policy.windowMs))
      violate(
        6,
        `${slot.setup.name} is restarted ${lately.length} times in ${policy.windowMs / 60_000} minutes, ${policy.most} are allowed`,
      );
  };
  return {
    commandRuns,
    lastResortRuns: (slot) => {
      const before = resorts.get(slot) ?? { times: 0, since: time.mono() };
      before.times += 1;
      resorts.set(slot, before);
      const isLost = upheavals.lostBothSince(before.since) || upheavals.spoiltSince(before.since);
      if (before.times > 1 && !isLost)
        violate(
          6,
          `the --on-exhausted command of ${slot.setup.name} is run ${before.times} times in one incident`,
        );
    },
    told: (slot, told, gate) => {
      if (slot === null) return;
      if (told.kind === 'restart-attempted') attempted.set(slot, gate);
      // Its incident is over.
      if (turnOf(told) === 'ends') resorts.delete(slot);
    },
  };
};
