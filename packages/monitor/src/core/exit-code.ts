import { healthStates, type Seen } from '@sentinel/heartbeat-core';
import type { CommandFacts, Observation } from './observation.ts';
import type { RestartPolicy } from './policy.ts';
import type { Handler } from './step.ts';
import { silently } from './step.ts';
import type { SupervisorState } from './supervisor-state.ts';

export const forbidsRestart = (exitCode: number | null, { noRestartOn }: RestartPolicy): boolean =>
  exitCode !== null && noRestartOn?.includes(exitCode) === true;

/** A beat that was written right before the end may be seen this much later, in ms. */
const lateMs = 2000;

/**
 * How the bot that wrote the last beat has ended, as far as the restart command was that bot. One that beats after the end
 * of the command was started by somebody else, or had left it: of its end the command's exit code says nothing.
 */
export const exitCodeOf = (
  { exitCode, endedAt, groupAlive }: CommandFacts,
  seen: Pick<Seen, 'exact' | 'since'> | undefined,
): number | null => {
  if (endedAt !== null && seen?.exact === true && seen.since > endedAt + lateMs) return null;
  // What the bot had started may outlive it in the group: an end that was none tells of the bot all the same.
  const isOver = endedAt !== null && exitCode !== 0;
  return groupAlive === false || isOver ? exitCode : null;
};

/** A monitor that begins anew is not the parent of what ran before: what the one before has seen holds. */
export const withExitCode = ({ endedWith }: SupervisorState, seen: Observation): Observation =>
  endedWith === null || seen.processes.writer !== 'gone' || seen.processes.exitCode !== null
    ? seen
    : { ...seen, processes: { ...seen.processes, exitCode: endedWith } };

/** Keeps an exit code that forbids a restart, until the bot beats again or is started. */
export const noteExitCode: Handler = (state, { health, processes }, _now, policy) => {
  const { writer, exitCode } = processes;
  const isBack = writer === 'alive' || healthStates[health.state].beats;
  const isGone = writer === 'gone' && forbidsRestart(exitCode, policy);
  const endedWith = isBack ? null : isGone ? exitCode : state.endedWith;
  return silently(endedWith === state.endedWith ? state : { ...state, endedWith });
};

/** The exit of a process that is gone may be known this much later, in ms: the shell around it ends after it. */
const exitMs = 2000;

/**
 * Until when the exit code of a bot that is gone is waited for, since it may forbid a restart; `null`: no command of this
 * monitor runs, or none forbids it.
 */
export const exitDueAt = (
  { goneSince }: Pick<SupervisorState, 'goneSince'>,
  { processes, command }: Observation,
  now: number,
  { noRestartOn = [] }: RestartPolicy,
): number | null => {
  if (noRestartOn.length === 0 || processes.writer !== 'gone' || processes.exitCode !== null) return null;
  if (command === null || command.startedAt === null || command.endedAt !== null) return null;
  const dueAt = (goneSince ?? now) + exitMs;
  return now < dueAt ? dueAt : null;
};
