import { type Closure, type FileFormat, formatText, type HealthPolicy } from '@sentinel/heartbeat-core';
import type { Course, Supervision } from '@sentinel/history';
import { explainHalt } from './owner-halt.ts';
import { explainStop } from './owner-stop.ts';
import type { RestartPolicy } from './policy.ts';
import { restartsToCome } from './restart-budget.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** What is known of the bot's process, for orders: how safe a restart is, and why a stop would be refused (`null`: it would not). */
export type CustodyWords = { readonly restart: string; readonly noStop: string | null };

/** Until when the phase that the bot is in lasts at most; `null`: until something happens. */
const waitsUntil = ({ phase, grace, budget, incident, restart }: SupervisorState): number | null => {
  if (phase === 'starting' || phase === 'restarting') return grace?.until ?? restart?.commandDueAt ?? null;
  if (phase === 'down') return budget.nextAt > 0 ? budget.nextAt : null;
  return phase === 'settling' ? (incident?.settleUntil ?? null) : null;
};

const courseOf = (state: SupervisorState, policy: RestartPolicy, noStop: string | null): Course => {
  const { incident, restart, pausedBy, budget, stop } = state;
  const until = waitsUntil(state);
  const ack = incident?.ack ?? null;
  return {
    pausedBy: pausedBy?.by ?? null,
    pausedReason: pausedBy?.reason ?? null,
    incidentSince: incident === null ? null : Math.round(incident.since),
    ackBy: ack?.by ?? null,
    ackUntil: ack?.until == null ? null : Math.round(ack.until),
    snoozed: ack?.snoozed ?? null,
    attempt: restart?.attempt ?? null,
    most: policy.enabled ? policy.most : null,
    waitsUntil: until === null ? null : Math.round(until),
    notRestarted: budget.unsafeTold,
    notStopped: noStop,
    stopped: stop && explainStop(stop),
    stoppedAt: stop?.goneAt == null ? null : Math.round(stop.goneAt),
  };
};

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
  custody: CustodyWords | null,
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
  custody: custody?.restart ?? null,
  aheadMs: offMs !== null && offMs > 0 ? offMs : null,
  behindMs: offMs !== null && offMs < 0 ? -offMs : null,
  course: courseOf(state, policy.restart, custody?.noStop ?? null),
});
