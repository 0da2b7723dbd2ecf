import { isFlat } from '@sentinel/heartbeat-core';
import type { RestartPolicy } from './policy.ts';
import type { Incident, SupervisorState } from './supervisor-state.ts';

/**
 * Whether the command that cancels orders is run: once in an incident, and with `onlyExposed` not where the last beat says
 * that nothing is at stake (`spared`).
 */
export const lastResortOf = (
  { says: { exposure } }: Pick<SupervisorState, 'says'>,
  incident: Pick<Incident, 'lastResortRun'> | null,
  policy: RestartPolicy,
): 'run' | 'spared' | 'none' => {
  if (!policy.onExhausted || incident?.lastResortRun === true) return 'none';
  return policy.onlyExposed === true && exposure !== null && isFlat(exposure) ? 'spared' : 'run';
};
