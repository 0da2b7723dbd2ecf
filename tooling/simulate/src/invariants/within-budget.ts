import { policy } from '../world/bot-options.ts';
import type { Slot, Witness, World } from '../world/world.ts';
import { journalFaults, type Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/** 6: no more restarts than the budget, over any number of monitors. */
export const withinBudget = ({ time }: World, upheavals: Upheavals, violate: Violate): Witness => {
  const ran = new Map<Slot, number[]>();
  const resorts = new Map<Slot, number>();
  return {
    commandRuns: (slot) => {
      const now = time.mono();
      const all = [...(ran.get(slot) ?? []), now];
      ran.set(slot, all);
      const lately = all.filter((at) => now - at < policy.windowMs - 100);
      // A clock that is set moves the window of a monitor that begins then; a person's reset opens a new one.
      const from = now - policy.windowMs;
      if (lately.length <= policy.most || upheavals.since(from, 'clock-set', 'machine-sleeps', 'ordered'))
        return;
      if (upheavals.since(0, ...journalFaults)) return;
      violate(
        6,
        `${slot.setup.name} is restarted ${lately.length} times in ${policy.windowMs / 60_000} minutes, ${policy.most} are allowed`,
      );
    },
    lastResortRuns: (slot) => {
      const times = (resorts.get(slot) ?? 0) + 1;
      resorts.set(slot, times);
      if (times > 1 && !upheavals.since(0, ...journalFaults))
        violate(6, `the --on-exhausted command of ${slot.setup.name} is run ${times} times in one incident`);
    },
    told: (slot, { kind }) => {
      if (slot !== null && kind === 'recovered') resorts.delete(slot);
    },
  };
};
