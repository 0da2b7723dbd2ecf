import { isFlat } from '@sentinel/heartbeat-core';
import type { RestartPolicy } from './policy.ts';
import type { Incident, SupervisorState } from './supervisor-state.ts';

/**
 * Whether the command that cancels orders is run: once in an incident, and with `onlyExposed` not where the last beat says
 * that nothing is at stake (`spared`). Where the journal was damaged, and no beat was seen to come since, the outage may be that
 * of before, in which it may have been run (`forgotten`).
 */
export const lastResortOf = (
  { says: { exposure }, budget, lastBeat }: Pick<SupervisorState, 'says' | 'budget' | 'lastBeat'>,
  incident: Pick<Incident, 'lastResortRun'> | null,
  policy: RestartPolicy,
): 'run' | 'spared' | 'forgotten' | 'none' => {
  if (!policy.onExhausted || incident?.lastResortRun === true) return 'none';
  if (budget.amnesia && lastBeat?.watched !== true) return 'forgotten';
  return policy.onlyExposed === true && exposure !== null && isFlat(exposure) ? 'spared' : 'run';
};
