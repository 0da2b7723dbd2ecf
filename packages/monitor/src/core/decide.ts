import type { Doubt } from '../custody/finding.ts';
import { type Action, interferes, notificationsIn } from './actions.ts';
import { withCalled } from './escalation.ts';
import { withExitCode } from './exit-code.ts';
import type { Input } from './input.ts';
import { asSeenBefore, seeLook } from './look.ts';
import type { Observation } from './observation.ts';
import { answer } from './person.ts';
import type { RestartPolicy } from './policy.ts';
import { start } from './start.ts';
import { type Step, silently } from './step.ts';
import { allow, allowStart } from './steps/doubt.ts';
import { endedAt } from './stop-by-us.ts';
import type { SupervisorState } from './supervisor-state.ts';
import { type JumpRule, table } from './table.ts';

export type Decision = {
  readonly state: SupervisorState;
  readonly actions: readonly Action[];
  /** When to look again even if nothing changes, in ms on the clock of `now`; `null`: nothing is due by itself. */
  readonly lookAt: number | null;
  /** What came of a person's command: `done`, or why it was refused; `null` for any other input. */
  readonly result: string | null;
};

/**
 * The only writer of the supervisor's state: what it knows, one input and the time, to what it knows next, what is to be
 * done, and when to look again. Pure: the same arguments give the same decision. A state in which nothing changed comes
 * back as it is.
 *
 * @param now ms on a clock that does not jump while the process lives.
 * @example
 * const step = (state: SupervisorState, input: Input, rules: RestartPolicy) =>
 *   decide(state, input, performance.timeOrigin + performance.now(), rules);
 */
export const decide = (
  state: SupervisorState,
  input: Input,
  now: number,
  policy: RestartPolicy,
): Decision => {
  switch (input.kind) {
    case 'start':
      return decided(state, start(state, input, now, policy), now);
    case 'look': {
      const seen = seenBy(state, input);
      const isHeldBack = input.barred !== undefined || input.crowded === true;
      return decided(state, seeLook(state, seen, now, policy, isHeldBack), now);
    }
    case 'person': {
      const seen = seenBy(state, input);
      const answered = answer({ state, command: input.command, seen, now, policy });
      return decided(state, answered, now, answered.result);
    }
    case 'command-ended':
      return decided(state, silently(state, now), now);
    case 'end':
      return decided(state, silently(endedWithMonitor(state, now)), now);
    case 'jump':
      return decided(state, silently(jumps[table[state.phase].jump](state, now, policy), now), now);
  }
};

/** Whoever ends both at once is heard by the bot first: such a stop is none that a person made of the bot alone, in ms. */
const sameEndMs = 5000;

/**
 * The next monitor starts the bot again, unless a person had stopped it before. A restart that is under way is ended too, and has
 * not failed for that: it is made anew, and counts once.
 */
const endedWithMonitor = (given: SupervisorState, now: number): SupervisorState => {
  const state = given.stop === null ? { ...given, toStart: true } : given;
  const { phase, stop, restart, budget } = state;
  if (phase === 'stopped' && stop === null && now - (state.lastGoodAt ?? 0) < sameEndMs)
    return { ...state, phase: 'starting' };
  if (phase !== 'restarting' || state.incident === null) return state;
  const [, ...earlier] = budget.restarts.toReversed();
  return {
    ...state,
    phase: 'down',
    grace: null,
    restart: restart && { ...restart, commandDueAt: null },
    budget: { ...budget, restarts: earlier.toReversed(), nextAt: now },
    ended: { ...endedAt(state, now), byUs: true },
  };
};

const jumps = { allow, allowStart, ownDeadline: (state) => state } satisfies Record<
  JumpRule,
  (state: SupervisorState, now: number, policy: RestartPolicy) => SupervisorState
>;

/** The same look where something stands against acting on it: nothing is to be ended or started. */
const barredBy = (doubt: Doubt, seen: Observation): Observation => ({
  ...seen,
  processes: { ...seen.processes, custody: { kind: 'unknown', doubt } },
});

/** What is seen, with what only an earlier look knew, and with what stands against acting on it. */
const seenBy = (state: SupervisorState, input: Input & { kind: 'look' | 'person' }): Observation => {
  const known = withExitCode(state, asSeenBefore(state, input.seen));
  if (input.barred !== undefined) return barredBy(input.barred, known);
  return input.kind === 'look' && input.crowded === true ? { ...known, crowded: true } : known;
};

const decided = (
  before: SupervisorState,
  { state, actions, lookAt }: Step,
  now: number,
  result: string | null = null,
): Decision => ({
  state,
  actions: withCalled(before, actions),
  lookAt: lookAt === null ? null : Math.max(lookAt, now),
  result,
});

/** Begins what the next monitor has to know of: an end, a start, or the last resort. */
const mustBeNoted = ({ phase }: Pick<SupervisorState, 'phase'>, actions: readonly Action[]): boolean =>
  actions.some(
    // What is being ended already is ended with KILL, whatever the journal does meanwhile.
    ({ kind }) => kind === 'restart' || kind === 'last-resort' || (kind === 'end' && phase !== 'ending'),
  );

/** Whether a step is of what is done so often and not more: not to be lost with the `-wal` of the journal either. */
export const isLasting = (before: SupervisorState, actions: readonly Action[]): boolean =>
  mustBeNoted(before, actions) ||
  notificationsIn(actions).some(({ kind }) => kind === 'budget-exhausted' || kind === 'escalated');

/** What has to hold before anything is ended or started; each is proven when it is asked for. */
type Proofs = {
  /** The journal takes what the next monitor has to know. */
  readonly canNote: () => boolean;
  /** Why this monitor does not hold the lock of the file; `null`: it does. */
  readonly lockLost: () => string | null;
  /** It is this bot's turn to be started. Where it is not, a look is made when it is. */
  readonly hasTurn: () => boolean;
};

/**
 * Tells people that the bot will be restarted in a while, or that the budget is spent: neither is to be told where nothing
 * could be noted of it. Until it can be, a restart that counts now may count no more.
 */
const promises = (actions: readonly Action[]): boolean =>
  notificationsIn(actions).some(
    (told) =>
      told.kind === 'unhealthy' && (told.restart?.kind === 'in' || told.restart?.kind === 'budget-spent'),
  );

const starts = (actions: readonly Action[]): boolean => actions.some(({ kind }) => kind === 'restart');

const barOf = ({ phase }: SupervisorState, actions: readonly Action[], proofs: Proofs): Doubt | null => {
  const why = interferes(actions) ? proofs.lockLost() : null;
  if (why !== null) return { kind: 'lock', why };
  return (mustBeNoted({ phase }, actions) || promises(actions)) && !proofs.canNote()
    ? { kind: 'memory', lacks: 'write' }
    : null;
};

/**
 * Decides where nothing may be ended or started before it is proven that the journal takes what the next monitor has to
 * know, and that no other monitor watches the bot. What is refused for that counts as no attempt. Of many bots that are
 * down at once each is told first, and then started in its turn; a person's command does not wait.
 */
export const decideProven = (
  state: SupervisorState,
  input: Input,
  now: number,
  policy: RestartPolicy,
  proofs: Proofs,
): Decision => {
  const decision = decide(state, input, now, policy);
  if (input.kind !== 'look' && input.kind !== 'person') return decision;
  const barred = barOf(state, decision.actions, proofs);
  if (barred !== null) return decide(state, { ...input, barred }, now, policy);
  const waits = input.kind === 'look' && starts(decision.actions) && !proofs.hasTurn();
  return waits ? decide(state, { ...input, crowded: true }, now, policy) : decision;
};
