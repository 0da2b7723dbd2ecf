import type { RestartPolicy } from './policy.ts';
import type { SupervisorState } from './supervisor-state.ts';

type Restarts = { readonly restarts: readonly number[] };

/**
 * The restarts that count against the budget at this instant: all of the last `windowMs`, whatever came of them. One
 * that a clock set back has put into the future counts too.
 */
export const restartsInWindow = (
  { restarts }: Restarts,
  now: number,
  { windowMs }: Pick<RestartPolicy, 'windowMs'>,
): readonly number[] => restarts.filter((at) => now - at < windowMs);

/** How many restarts may still be made now; `null`: restarts are not the monitor's task. */
export const restartsLeft = (state: Restarts, now: number, policy: RestartPolicy): number | null =>
  policy.enabled ? Math.max(0, policy.most - restartsInWindow(state, now, policy).length) : null;

/** Where it is not known how many restarts were made before, one an hour is made, in ms. */
export const hourMs = 60 * 60_000;

/**
 * How many restarts the monitor would make from now on by itself: none of a bot that it has given up, also when some count no more,
 * and one an hour where a damaged journal has lost how many were made.
 */
export const restartsToCome = (
  { phase, budget }: Pick<SupervisorState, 'phase' | 'budget'>,
  now: number,
  policy: RestartPolicy,
): number | null => {
  const left = restartsLeft(budget, now, policy);
  if (left === null || left === 0 || phase === 'exhausted') return left === null ? null : 0;
  if (!budget.amnesia) return left;
  return budget.restarts.some((at) => now - at < hourMs) ? 0 : 1;
};
