import type { Action } from '../actions.ts';
import { restartWait } from '../backoff.ts';
import { forbidsRestart } from '../exit-code.ts';
import { explainFailedRestart } from '../explain.ts';
import type { CommandFacts, Observation } from '../observation.ts';
import { outlookOf } from '../outlook.ts';
import type { RestartPolicy } from '../policy.ts';
import { proofOf, wasNotRun } from '../proof.ts';
import { andThen, doing, type Handler, isHeld, notify, type Step, silently } from '../step.ts';
import type { SupervisorState } from '../supervisor-state.ts';
import { ofIncident, open, recover, withToldWell } from './incident.ts';

const goesOnWords = 'the run before it goes on: the restart command did not end it';

const graceLeft = ({ grace }: SupervisorState, now: number): number => (grace?.until ?? 0) - now;

const isGraceOver = (state: SupervisorState, seen: Observation, now: number): boolean =>
  graceLeft(state, now) <= 0 || wasNotRun(state, seen);

/** No beat of the new start has come: it is waited for until the grace is over, and then the restart has failed. */
export const awaitStart: Handler = (state, seen, now, policy) => {
  if (isHeld(state, seen)) return silently(state);
  // No beat can come of what has ended so, and nothing is run after it.
  return isGraceOver(state, seen, now) || forbidsRestart(seen.processes.exitCode, policy)
    ? fail(state, seen, now, policy)
    : silently(state, now + graceLeft(state, now));
};

/** It beats after a restart: whether that is the new start decides. */
export const prove: Handler = (state, seen, now, policy) => {
  const { beatAt, run, health } = seen;
  // A beat that names its run is told apart by that name; of another one it counts whether it is newer than the end.
  const isOfEnded = run === null && beatAt !== null && state.ended !== null && beatAt <= state.ended.at;
  // Where ❌ is what a restart is made for, ❌ does not prove it.
  const isError = health.state === 'degraded' && policy.errorGraceMs !== null;
  if (isOfEnded || isError) return awaitStart(state, seen, now, policy);
  const proof = proofOf(state, seen);
  if (proof === 'proven') return verify(state, seen, now, policy);
  if (isOfBefore(state, seen)) return doubtBefore(state, seen, now, policy);
  if (proof === 'never' || isGraceOver(state, seen, now)) return conclude(state, seen, now, policy);
  const dueAt = concludedAt(state, seen, now, policy);
  return now >= dueAt ? conclude(state, seen, now, policy) : silently(state, dueAt);
};

/** A command that ends the old bot by itself, and runs on while a bot beats, may have become the new one: that is no matter of its end. */
const concludedAt: (...given: Parameters<Handler>) => number = (state, { command }, now, { graceMs }) => {
  const until = now + graceLeft(state, now);
  const { replaced, at = null } = state.restart ?? {};
  const runsOn = replaced === 'command' && at !== null && command?.running === true;
  return runsOn ? Math.min(until, at + graceMs) : until;
};

/** Outside market hours, where an age does not count, the beat of a bot that is long gone looks well. */
const isOfBefore = ({ restart }: SupervisorState, { beatAt, command }: Observation): boolean =>
  beatAt !== null && beatAt <= (command?.startedAt ?? restart?.at ?? 0);

/** The beat was written before the restart: it says nothing of the new start. */
const doubtBefore: Handler = (state, seen, now, policy) => {
  if (state.incident !== null) return awaitStart(state, seen, now, policy);
  // Nobody was told that the bot is not well: that is told when this beat is too old.
  return wasNotRun(state, seen) ? conclude(state, seen, now, policy) : silently(state);
};

/** The command had its time and did not end: what was ended last is what it has started. */
const wasEnded = ({ ended, restart }: SupervisorState): boolean =>
  ended !== null && restart?.at != null && restart.commandDueAt === null && ended.at > restart.at;

/** The bot has no part in it: its command could not be run, did not end in time, or ended with an error. */
const isOfCommand = (state: SupervisorState, command: CommandFacts | null): boolean =>
  command !== null &&
  (command.refused !== null || wasEnded(state) || command.signal !== null || (command.exitCode ?? 0) !== 0);

const failure = (
  state: SupervisorState,
  seen: Observation,
  { most }: RestartPolicy,
  reason: string,
  nextInMs: number | null | undefined,
): Action => {
  const { command, bot } = seen;
  return notify({
    kind: 'restart-failed',
    bot,
    attempt: state.restart?.attempt ?? 0,
    most,
    reason,
    ...(nextInMs === undefined ? {} : { nextInMs }),
    ...(isOfCommand(state, command) ? { inCommand: true } : {}),
    ...(command === null ? {} : { exitCode: command.exitCode, signal: command.signal }),
    ...(command === null || command.output === '' ? {} : { output: command.output }),
    ...ofIncident(state, seen),
  });
};

/** In how long the next attempt is made, in ms; `null`: none is; `undefined`: it would not be safe now, as the next message says. */
const nextIn = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): number | null | undefined => {
  // What was seen not to end the run before is not run again.
  if (state.incident?.exhausted === true || state.restart?.commandFailed === true) return null;
  const outlook = outlookOf(state, seen, now, policy);
  switch (outlook.kind) {
    case 'not-safe':
      return undefined;
    case 'in':
      return outlook.ms;
    case 'now':
    case 'started':
      return Math.max(0, state.budget.nextAt - now);
    default:
      return null;
  }
};

export const failed = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
  reason: string,
): Step => {
  const { incident } = state;
  const exhausted = incident?.exhausted === true;
  const isUnwanted = forbidsRestart(seen.processes.exitCode, policy);
  const why = isUnwanted ? `${reason}, after which it is not restarted (--no-restart-on)` : reason;
  const told = failure(state, seen, policy, why, nextIn(state, seen, now, policy));
  const phase = exhausted ? 'exhausted' : 'down';
  if (incident !== null) return doing({ ...state, phase, grace: null }, [told]);
  // It was restarted by a person, without an incident: now there is one.
  return andThen(open({ ...state, phase }, seen, now, policy), (next) => doing(next, [told]));
};

/** The command was seen not to end the run before it. */
const knowUseless = (state: SupervisorState): SupervisorState => ({
  ...state,
  restart: state.restart && { ...state.restart, commandFailed: true },
});

/** The wait before the next attempt begins after the grace, or now where no grace was needed. */
const nextAttemptAt: (...given: Parameters<Handler>) => number = (state, seen, now, policy) => {
  const { budget, restart } = state;
  const soonest = now + restartWait(restart?.attempt ?? 0, seen.chance, policy);
  if (wasNotRun(state, seen)) return Math.min(budget.nextAt, soonest);
  // A command that ends the old bot by itself takes its time before that grace.
  return restart?.replaced === 'command' ? Math.max(budget.nextAt, soonest) : budget.nextAt;
};

const fail: Handler = (given, seen, now, policy) => {
  const nextAt = nextAttemptAt(given, seen, now, policy);
  const state = { ...given, budget: { ...given.budget, nextAt } };
  // It beats on, stuck or in error: the command did not end it, and would not the next time.
  const goesOn = proofOf(state, seen) === 'old-run';
  const reason = goesOn ? goesOnWords : explainFailedRestart(seen.command, wasEnded(given));
  return failed(goesOn ? knowUseless(state) : state, seen, now, policy, reason);
};

const verify: Handler = (state, seen, now, policy) => {
  const { attempt = 0, at = null } = state.restart ?? {};
  const verified = notify({
    kind: 'restart-verified',
    bot: seen.bot,
    attempt,
    tookMs: now - (at ?? now),
    pid: seen.writer?.pid ?? null,
    ...(state.restart?.replaced === 'command' && seen.run === null ? { byCommand: true } : {}),
    ...ofIncident(state, seen),
  });
  // The wait before another one begins with the success: a bot that crashes again and again is not restarted in step.
  const nextAt = now + restartWait(attempt, seen.chance, policy);
  const after = withToldWell({ ...state, budget: { ...state.budget, nextAt } });
  return andThen(doing(after, [verified]), (next) => recover(next, seen, now, policy));
};

const concluded = (
  state: SupervisorState,
  seen: Observation,
  policy: RestartPolicy,
  attempt: number,
): Step => {
  // What was learned of the command holds as long as the incident goes on.
  if (proofOf(state, seen) === 'old-run')
    return doing(knowUseless(state), [failure(state, seen, policy, goesOnWords, null)]);
  if (wasNotRun(state, seen))
    return doing(state, [failure(state, seen, policy, explainFailedRestart(seen.command, false), null)]);
  const unproven = notify({ kind: 'restart-unproven', bot: seen.bot, attempt, ...ofIncident(state, seen) });
  return doing(withToldWell(state), [unproven]);
};

/** It beats, and the restart did not do it; or nobody can tell. */
const conclude: Handler = (state, seen, now, policy) => {
  const { attempt = 0 } = state.restart ?? {};
  return andThen(concluded(state, seen, policy, attempt), (next) => recover(next, seen, now, policy));
};
