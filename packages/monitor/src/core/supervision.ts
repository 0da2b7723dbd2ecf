import type { Closure, HealthPolicy } from '@sentinel/heartbeat-core';
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
  /** What is asked of the bot: whoever else judges it need not be told again. Lengths in ms. */
  readonly maxAgeMs: number;
  readonly maxStallMs: number | null;
  /** The market's last closure, or the one that holds: no beat was asked for in it. */
  readonly closure: Closure | null;
  /** By how much its clock was found ahead, in ms: a look that has seen nothing would take its beats for younger. */
  readonly aheadMs: number | null;
  /** How far it could be restarted safely, in words; `null`: restarts are off. */
  readonly custody: string | null;
};

export const supervisionOf = (
  monitor: string,
  state: SupervisorState,
  now: number,
  policy: { readonly health: HealthPolicy; readonly restart: RestartPolicy },
  closure: Closure | null,
  custody: string | null,
  aheadMs: number | null,
): Supervision => ({
  monitor,
  phase: state.phase,
  restartsLeft: restartsLeft(state, now, policy.restart),
  pausedUntil: state.pausedUntil === null ? null : Math.round(state.pausedUntil),
  maxAgeMs: policy.health.maxAgeMs,
  maxStallMs: policy.health.maxStallMs,
  closure,
  custody,
  aheadMs,
});
