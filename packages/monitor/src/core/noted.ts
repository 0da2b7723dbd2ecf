import { type Action, toldIn } from './actions.ts';
import { type Decision, decide } from './decide.ts';
import type { Input } from './input.ts';
import type { RestartPolicy } from './policy.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** Begins what the next monitor has to know of: an end, a start, or the last resort. */
const mustBeNoted = ({ phase }: Pick<SupervisorState, 'phase'>, actions: readonly Action[]): boolean =>
  actions.some(
    // What is being ended already is ended with KILL, whatever the journal does meanwhile.
    ({ kind }) => kind === 'restart' || kind === 'last-resort' || (kind === 'end' && phase !== 'ending'),
  );

/** Whether a step is of what the budget counts: not to be lost with the `-wal` of the journal either. */
export const isLasting = (before: SupervisorState, actions: readonly Action[]): boolean =>
  mustBeNoted(before, actions) || toldIn(actions).some(({ kind }) => kind === 'budget-exhausted');

/**
 * Decides where nothing may be ended or started before the journal has proven that it takes what the next monitor has
 * to know.
 *
 * @param canNote proves it by a write.
 */
export const decideNoted = (
  state: SupervisorState,
  input: Input,
  now: number,
  policy: RestartPolicy,
  canNote: () => boolean,
): Decision => {
  const decision = decide(state, input, now, policy);
  if (input.kind !== 'look' && input.kind !== 'person') return decision;
  if (!mustBeNoted(state, decision.actions) || canNote()) return decision;
  return decide(state, { ...input, unnoted: true }, now, policy);
};
