import { type Closure, type FileFormat, formatText, type HealthPolicy } from '@sentinel/heartbeat-core';
import type { Supervision } from '@sentinel/history';
import { explainHalt } from './owner-halt.ts';
import type { RestartPolicy } from './policy.ts';
import { restartsToCome } from './restart-budget.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** What is written of a bot for others, and for the monitor's next start. */
export const supervisionOf = (
  monitor: string,
  state: SupervisorState,
  now: number,
  policy: {
    readonly health: HealthPolicy;
    readonly restart: RestartPolicy;
    readonly format?: FileFormat | undefined;
  },
  closure: Closure | null,
  custody: string | null,
  offMs: number | null,
): Supervision => ({
  monitor,
  phase: state.phase,
  restartsLeft: restartsToCome(state, now, policy.restart),
  pausedUntil: state.pausedUntil === null ? null : Math.round(state.pausedUntil),
  halted: state.halt && explainHalt(state.halt),
  haltedUntil: state.halt?.until == null ? null : Math.round(state.halt.until),
  maxAgeMs: policy.health.maxAgeMs,
  maxStallMs: policy.health.maxStallMs,
  maxFeedAgeMs: policy.health.maxFeedAgeMs ?? null,
  format: policy.format === undefined ? null : formatText(policy.format),
  closure,
  custody,
  aheadMs: offMs !== null && offMs > 0 ? offMs : null,
  behindMs: offMs !== null && offMs < 0 ? -offMs : null,
});
