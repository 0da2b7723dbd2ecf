import { healthStates } from '@sentinel/heartbeat-core';
import type { Custody } from '../../custody/custody.ts';
import { namesOf } from '../../custody/explain-custody.ts';
import type { Target } from '../../custody/process.ts';
import { restartWait } from '../backoff.ts';
import { goneWaitMs, keeperOf, keptUntil, writtenUntil } from '../may-act.ts';
import type { Observation } from '../observation.ts';
import { holdOf } from '../outlook.ts';
import type { RestartPolicy } from '../policy.ts';
import { doing, type Handler, notify, type Step, silently } from '../step.ts';
import { endedAt } from '../stop-by-us.ts';
import type { Budget, Ending, Restart, SupervisorState } from '../supervisor-state.ts';
import { beginEnding, endLookMs, withKill } from './begin.ts';
import { ofIncident } from './incident.ts';
import { giveBack, leaveEnding } from './leave-ending.ts';
import { failed } from './outcome.ts';
import { assumed, launch, refuseAfter, run, waitForStarted } from './restart.ts';
import { endForStop, isToBeStopped } from './stopping.ts';

/** The bot before is being ended: KILL when TERM was not enough, and a look at what runs now before anything is run. */
export const end: Handler = (state, seen, now, policy) => {
  const { ending } = state;
  const custody = seen.processes.custody ?? assumed;
  if (ending === null) return silently({ ...state, phase: 'down' });
  if (ending.purpose === 'stop' && isToBeStopped(state))
    return endForStop(state, ending, custody, seen, now, policy);
  const stopped = stopEnding(state, ending, seen);
  if (stopped !== null) return stopped;
  if (ending.purpose === 'timeout') return endCommand(state, ending, seen, now);
  switch (custody.kind) {
    case 'held':
      return endHeld(state, ending, custody.targets, seen, now, policy);
    case 'started':
      return waitForStarted(state, now);
    case 'unknown': {
      const budget = givenBack(state.budget, ending, custody);
      return refuseAfter({ ...state, phase: 'down', ending: null, budget }, seen, now, policy, true);
    }
    default: {
      const kept = custody.kind === 'gone' && custody.keeper !== undefined;
      const wait = kept ? waitForKeeper(state, ending, seen, now) : null;
      if (wait !== null) return wait;
      if (seen.crowded === true) return silently(state);
      return ending.purpose === 'start'
        ? launch(state, seen, now, policy)
        : run(state, seen, now, policy, custody.kind === 'command-ends' ? 'command' : 'known');
    }
  }
};

/** How often it is looked whether what has started the bot has started another one, in ms. */
const keeperLookMs = 500;
/** A wait that is longer is told, in ms. */
const toldWaitMs = 15_000;
/** A last beat is seen this long after the end of whoever wrote it, at most, in ms. */
const lateMs = 1000;

/**
 * What had started the bot lives, a loop or a service manager say: it has time to start the next one, as after a crash, and
 * beside that none is started. `null`: it has not.
 */
const waitForKeeper = (
  state: SupervisorState,
  ending: Ending,
  seen: Observation,
  now: number,
): Step | null => {
  const { beatAt } = seen;
  const { goneAt = now } = ending;
  // It has, and its process is not found.
  if (beatAt !== null && beatAt > goneAt + lateMs) return waitForStarted(state, now);
  const dueAt = Math.max(goneAt + goneWaitMs, keptUntil(seen, now));
  if (now >= dueAt) return null;
  const keeper = keeperOf(seen.processes.custody);
  const tells = keeper !== null && ending.waitTold !== true && dueAt - goneAt > toldWaitMs;
  const told = tells
    ? [
        notify({
          kind: 'restart-waits',
          bot: seen.bot,
          waitMs: dueAt - now,
          keeper,
          ...ofIncident(state, seen),
        }),
      ]
    : [];
  const next: Ending = { ...ending, goneAt, ...(tells ? { waitTold: true } : {}) };
  return doing({ ...state, ending: next }, told, Math.min(dueAt, now + keeperLookMs));
};

/** What has come since it was begun, and holds back a restart, holds back the rest of it too; `null`: nothing has. */
const stopEnding = (state: SupervisorState, ending: Ending, seen: Observation): Step | null => {
  if (ending.ordered === true && state.halt === null) return null;
  if (state.pausedUntil !== null) return silently(leaveEnding(state));
  const doubt = holdOf(state);
  if (doubt === null || ending.purpose === 'timeout') return null;
  const left = leaveEnding(state);
  const told = notify({
    kind: 'restart-unsafe',
    bot: seen.bot,
    ...doubt,
    signalled: true,
    ...ofIncident(state, seen),
  });
  return doing({ ...left, budget: { ...left.budget, unsafeTold: doubt.why } }, [told]);
};

/** A restart that only the journal or the lock keeps from being made is made as soon as that is over. */
const givenBack = (budget: Budget, ending: Ending, custody: Custody): Budget =>
  custody.kind === 'unknown' && ['memory', 'lock'].includes(custody.doubt.kind)
    ? giveBack(budget, ending)
    : budget;

const endHeld = (
  state: SupervisorState,
  ending: Ending,
  targets: readonly Target[],
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): Step => {
  if (ending.killed && now >= ending.failAt) return cannotEnd(state, targets, seen, now, policy);
  if (ending.killed || now < ending.killAt) return silently(state, now + endLookMs);
  const killed = { ...state, ending: withKill(ending, now) };
  return doing(killed, [{ kind: 'end', targets, signal: 'SIGKILL' }], now + endLookMs);
};

const cannotEnd = (
  state: SupervisorState,
  targets: readonly Target[],
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): Step => {
  const why = `${namesOf(targets)} lives on after SIGKILL, so no other bot is started`;
  const nextAt = now + restartWait(state.restart?.attempt ?? 0, seen.chance, policy);
  const budget = { ...state.budget, nextAt };
  return failed({ ...state, phase: 'down', ending: null, budget }, seen, now, policy, why);
};

/** The restart command ran for too long: its group is ended, and no beat that falls into this proves anything. */
const endCommand = (state: SupervisorState, ending: Ending, seen: Observation, now: number): Step => {
  const { command } = seen;
  // A group of which nobody can tell whether it lives is not gone: its last beat may still come.
  if (command !== null && command.groupAlive !== false && !(ending.killed && now >= ending.failAt)) {
    if (now < ending.killAt || ending.killed) return silently(state, now + endLookMs);
    const killed = { ...state, ending: withKill(ending, now) };
    const kill = { kind: 'end-command', reason: 'restart-timeout', signal: 'SIGKILL', afterMs: 0 } as const;
    return doing(killed, [kill], now + endLookMs);
  }
  // What beats now is judged as after any restart: the run before may go on, and a grace may be left.
  return silently({ ...state, phase: 'restarting', ending: null, ended: endedAt(state, now) });
};

const beatsSince = ({ health, beatAt, command }: Observation, at: number, policy: RestartPolicy): boolean => {
  const isError = health.state === 'degraded' && policy.errorGraceMs !== null;
  const since = command?.startedAt ?? at;
  return healthStates[health.state].beats && !isError && beatAt !== null && beatAt > since;
};

/** The bot before is gone, or the command ended it by itself: what beats now may be what the command has started. */
const mayBeStarted = ({ replaced, runsBefore }: Restart, { run, saysRestart }: Observation): boolean =>
  replaced === 'command' ||
  // What says less than the bot before did, or says that it restarts the bot, is a script.
  (replaced !== 'unknown' && run === null && runsBefore.length === 0 && !saysRestart);

/** A restart command that ran for too long without a beat of a new start. */
export const timeOut: Handler = (state, seen, now, policy) => {
  const { restart } = state;
  if (restart === null || restart.commandDueAt === null || state.pausedUntil !== null) return silently(state);
  if (now < restart.commandDueAt) return silently(state, restart.commandDueAt);
  const over = { ...state, restart: { ...restart, commandDueAt: null } };
  if (seen.command?.running !== true) return silently(over);
  // It is the bot, say, and lives: it may have come back with another format of its file.
  const writtenFor = (seen.written?.at ?? 0) > (restart.at ?? 0) ? writtenUntil(seen, policy) : 0;
  if (now < writtenFor) return silently(state, writtenFor);
  // The command may be what beats now, or wait for it.
  if (mayBeStarted(restart, seen) && beatsSince(seen, restart.at ?? 0, policy)) return silently(over);
  // As measured: a monitor before this one may have had another grace.
  const afterMs = now - (seen.command.startedAt ?? restart.at ?? now);
  const term = { kind: 'end-command', reason: 'restart-timeout', signal: 'SIGTERM', afterMs } as const;
  return doing(beginEnding(over, 'timeout', now, policy), [term]);
};
