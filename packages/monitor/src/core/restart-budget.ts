import type { RestartPolicy } from './policy.ts';

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
