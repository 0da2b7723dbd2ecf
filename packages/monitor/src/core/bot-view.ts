import type { HealthState } from '@sentinel/heartbeat-core';
import { explainSight, explainStanding } from './explain.ts';
import type { Observation } from './observation.ts';
import type { Phase } from './phases.ts';
import type { RestartPolicy } from './policy.ts';
import { restartsLeft } from './restart-budget.ts';
import { atStake } from './says.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** How one bot is and how it is watched, for live lines, status files and service managers. Instants: ms since the epoch. */
export type BotView = {
  readonly name: string;
  readonly state: HealthState;
  readonly phase: Phase;
  /** One line for a person. */
  readonly reason: string;
  /** What the supervision waits for, in words. */
  readonly standing: string;
  readonly ageMs: number | null;
  /** In how many ms the beat turns stale; negative when it is overdue, `null` without a beat. */
  readonly staleInMs: number | null;
  /** `null`: restarts are not the monitor's task. */
  readonly restartsLeft: number | null;
  /** Since when an incident that was told is open. */
  readonly incidentSince: number | null;
  readonly pausedUntil: number | null;
  /** What the bot had at stake by its last beat, in words; `null`: nothing is known. */
  readonly exposure: string | null;
  /** The market is closed: no beat is asked for. */
  readonly closed: boolean;
  /** How far it could be restarted safely, in words; `null`: restarts are off. */
  readonly custody: string | null;
};

/** @param custody how far it could be restarted safely, in words. */
export const viewOf = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
  custody: string | null,
): BotView => ({
  name: seen.bot,
  state: seen.health.state,
  phase: state.phase,
  reason: explainSight(state, seen),
  standing: explainStanding(state, seen, now, policy),
  ageMs: seen.health.ageMs,
  staleInMs: seen.health.staleInMs,
  restartsLeft: restartsLeft(state.budget, now, policy),
  incidentSince: state.incident?.since ?? null,
  pausedUntil: state.pausedUntil,
  exposure: atStake(state.says.exposure).exposure ?? null,
  closed: seen.health.closed,
  custody,
});

/** Nothing in it changes before the next look but the age of the beat. */
export const holdsUntilLook = ({ state, phase, pausedUntil, closed }: BotView): boolean =>
  state === 'healthy' && phase === 'up' && pausedUntil === null && !closed;

/** The same view so many ms later. */
export const heldFor = (view: BotView, ms: number): BotView => ({
  ...view,
  ageMs: view.ageMs === null ? null : view.ageMs + ms,
  staleInMs: view.staleInMs === null ? null : view.staleInMs - ms,
});
