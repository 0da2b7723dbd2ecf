import type { Notification } from '@sentinel/notify';
import type { Action } from './actions.ts';
import type { Observation } from './observation.ts';
import type { RestartPolicy } from './policy.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** What follows from one fact: the next state, what is to be done, and when it has to be looked at again. */
export type Step = {
  readonly state: SupervisorState;
  readonly actions: readonly Action[];
  /** In ms on the clock of the decision; `null`: nothing of this becomes due by itself. */
  readonly lookAt: number | null;
};

export type Handler = (state: SupervisorState, seen: Observation, now: number, policy: RestartPolicy) => Step;

const none: readonly Action[] = [];

export const notify = (notification: Notification): Action => ({ kind: 'notify', notification });

export const silently = (state: SupervisorState, lookAt: number | null = null): Step => ({
  state,
  actions: none,
  lookAt,
});

export const doing = (
  state: SupervisorState,
  actions: readonly Action[],
  lookAt: number | null = null,
): Step => ({ state, actions, lookAt });

export const sooner = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** Two steps, the second of which went on from the first. Made for each look: where one says nothing it costs nothing. */
export const joined = (first: Step, second: Step): Step => {
  if (first.actions.length === 0 && first.lookAt === null) return second;
  const lookAt = sooner(first.lookAt, second.lookAt);
  if (first.actions.length === 0) return { state: second.state, actions: second.actions, lookAt };
  const actions = second.actions.length === 0 ? first.actions : [...first.actions, ...second.actions];
  return { state: second.state, actions, lookAt };
};

export const andThen = (first: Step, next: (state: SupervisorState) => Step): Step =>
  joined(first, next(first.state));

/** A person has paused it, or its market is closed: nothing is told and nothing restarted. */
export const isHeld = ({ pausedUntil }: SupervisorState, { health }: Pick<Observation, 'health'>): boolean =>
  pausedUntil !== null || health.closed;
