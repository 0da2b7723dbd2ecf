import type { Phase } from './phases.ts';
import type { RestartPolicy } from './policy.ts';
import { restartsLeft } from './restart-budget.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** What others read of the supervision of a bot, in the journal under `supervision:<bot>`. Written when it changes. */
export type Supervision = {
  /** The monitor that watches: it lives if its row under `monitor-alive:<monitor>` is young. */
  readonly monitor: string;
  readonly phase: Phase;
  readonly restartsLeft: number | null;
  readonly pausedUntil: number | null;
};

export const supervisionOf = (
  monitor: string,
  state: SupervisorState,
  now: number,
  policy: RestartPolicy,
): Supervision => ({
  monitor,
  phase: state.phase,
  restartsLeft: restartsLeft(state, now, policy),
  pausedUntil: state.pausedUntil === null ? null : Math.round(state.pausedUntil),
});
