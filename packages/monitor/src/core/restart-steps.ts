import type { Custody } from '../custody/custody.ts';
import { namesOf } from '../custody/explain-custody.ts';
import type { Target } from '../custody/process.ts';
import type { Action } from './actions.ts';
import { restartWait } from './backoff.ts';
import { wasNotRun } from './event-of.ts';
import { explainFailedRestart } from './explain.ts';
import { type Handler, ofIncident, open, recover, type Step, silently, tell } from './incident-steps.ts';
import { endedAt } from './last-words.ts';
import type { Observation } from './observation.ts';
import { unsafeOf } from './outlook.ts';
import type { RestartPolicy } from './policy.ts';
import { proofOf } from './proof.ts';
import { restartsInWindow, restartsLeft } from './restart-budget.ts';
import type { Budget, Ending, Replaced, SupervisorState } from './supervisor-state.ts';

/** How often it is looked again whether a restart has become safe, or a new start has beaten, in ms. */
const againMs = 2000;
/** Where it is not known how many restarts were made before, one an hour is made, in ms. */
const hourMs = 60 * 60_000;
/** The time that the kernel is given after KILL, in ms. */
const kernelMs = 5000;

/** Where nobody asks for processes, in a replay say, the bot before is taken to be ended by the restart. */
const assumed: Custody = { kind: 'gone', by: 'process' };

const replacedBy = (custody: Custody): Replaced => {
  switch (custody.kind) {
    case 'never':
      return 'nothing';
    case 'command-ends':
      return 'command';
    case 'gone':
      return custody.by === 'absence' ? 'unknown' : 'known';
    default:
      return 'unknown';
  }
};

/** A restart; or what stands against it: a spent budget, a new start that is on its way, a bot that cannot be known. */
export const restart: Handler = (state, seen, now, policy) => {
  const used = restartsInWindow(state.budget, now, policy);
  // First of all: of a journal that cannot be read the restarts are not known either.
  if (unsafeOf(seen, policy) !== null) return refuse(state, seen, now, policy);
  if (used.length >= policy.most) return giveUp(state, seen, now, used.length, policy);
  const custody = seen.processes.custody ?? assumed;
  if (custody.kind === 'started') return silently(later({ ...state, phase: 'down' }, now));
  const attempt = used.length + 1;
  const { graceMs, most } = policy;
  const counted: SupervisorState = {
    ...state,
    grace: null,
    suspicion: null,
    restart: {
      at: null,
      attempt,
      runsBefore: runsBefore(state, seen),
      replaced: 'known',
      commandDueAt: null,
      commandFailed: state.restart?.commandFailed ?? false,
    },
    errorDueAt: null,
    budget: { ...state.budget, restarts: [...used, now], unsafeTold: null },
  };
  const attempted = tell({
    kind: 'restart-attempted',
    bot: seen.bot,
    attempt,
    most,
    graceMs,
    ...ofIncident(state, seen),
  });
  const step =
    custody.kind === 'held'
      ? begin(counted, 'restart', custody.targets, now, policy)
      : run(counted, seen, now, policy, replacedBy(custody));
  return { state: step.state, actions: [attempted, ...step.actions] };
};

/** It is looked again soon whether a restart can be made. */
const later = (state: SupervisorState, now: number): SupervisorState => ({
  ...state,
  budget: { ...state.budget, nextAt: now + againMs },
});

const runsBefore = ({ runs: { writers } }: SupervisorState, { run }: Observation): readonly string[] => [
  ...new Set([...writers.map(({ instance }) => instance), ...(run === null ? [] : [run])]),
];

/** TERM goes to every process in custody; nothing is run before the looks that follow find none of them. */
const begin = (
  state: SupervisorState,
  purpose: Ending['purpose'],
  targets: readonly Target[],
  now: number,
  { killAfterMs }: RestartPolicy,
): Step => ({
  state: {
    ...state,
    phase: 'ending',
    ended: { ...endedAt(state, now), byUs: true },
    ending: {
      purpose,
      since: now,
      killAt: now + killAfterMs,
      failAt: now + killAfterMs + kernelMs,
      killed: false,
    },
  },
  actions: [{ kind: 'end', targets, signal: 'SIGTERM' }],
});

/** The command is run: its grace begins now, whatever time the end of the old bot took. */
const run = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
  replaced: Replaced,
): Step => {
  const { graceMs, restartTimeoutMs } = policy;
  const { restart, budget } = state;
  const { attempt = 0, runsBefore = [], commandFailed = false } = restart ?? {};
  const waitMs = Math.max(graceMs + restartWait(attempt, seen.chance, policy), budget.amnesia ? hourMs : 0);
  const commandDueAt = now + (restartTimeoutMs ?? graceMs);
  return {
    state: {
      ...state,
      phase: 'restarting',
      ending: null,
      restart: { at: now, attempt, runsBefore, replaced, commandDueAt, commandFailed },
      grace: { until: now + graceMs, beatAfter: null },
      budget: { ...budget, nextAt: now + waitMs },
      ended: endedAt(state, now),
      goneSince: null,
    },
    actions: [{ kind: 'restart', attempt, reason: seen.health.reason.kind }],
  };
};

/** The first start of a bot whose parent the monitor is: no incident, and no restart of the budget. */
export const startFirst: Handler = (state, seen, now, policy) => {
  const custody = seen.processes.custody ?? assumed;
  if (custody.kind === 'started') return silently(state);
  if (unsafeOf(seen, policy) !== null) return refuse(state, seen, now, policy);
  if (custody.kind === 'held') return begin(state, 'start', custody.targets, now, policy);
  return launch(state, seen, now, policy);
};

const launch: Handler = (state, seen, now, { graceMs }) => ({
  state: {
    ...state,
    phase: 'starting',
    ending: null,
    grace: { until: now + graceMs, beatAfter: state.grace?.beatAfter ?? null },
    goneSince: null,
  },
  actions: [{ kind: 'restart', attempt: 0, reason: seen.health.reason.kind }],
});

/** The bot before is being ended: KILL when TERM was not enough, and a look at what runs now before anything is run. */
export const end: Handler = (state, seen, now, policy) => {
  const { ending } = state;
  const custody = seen.processes.custody ?? assumed;
  if (ending === null) return silently({ ...state, phase: 'down' });
  if (ending.purpose === 'timeout') return endCommand(state, ending, seen, now);
  switch (custody.kind) {
    case 'held':
      return endHeld(state, ending, custody.targets, seen, now, policy);
    // Somebody started it by hand, or systemd did: it gets its time, and nothing is started beside it.
    case 'started':
      return silently(later({ ...state, phase: 'down', ending: null }, now));
    case 'unknown':
      return refuseAfter(
        { ...state, budget: givenBack(state.budget, ending, custody), phase: 'down', ending: null },
        seen,
        now,
        policy,
        true,
      );
    default:
      return ending.purpose === 'start'
        ? launch(state, seen, now, policy)
        : run(state, seen, now, policy, custody.kind === 'command-ends' ? 'command' : 'known');
  }
};

/** A restart that only the journal keeps from being made is none of the budget: it is made as soon as it can be noted. */
const givenBack = (budget: Budget, { since }: Ending, custody: Custody): Budget =>
  custody.kind === 'unknown' && custody.doubt.kind === 'memory'
    ? { ...budget, restarts: budget.restarts.filter((at) => at !== since) }
    : budget;

const endHeld = (
  state: SupervisorState,
  ending: Ending,
  targets: readonly Target[],
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): Step => {
  if (now >= ending.failAt) return cannotEnd(state, targets, seen, now, policy);
  if (now < ending.killAt || ending.killed) return silently(state);
  return {
    state: { ...state, ending: { ...ending, killed: true } },
    actions: [{ kind: 'end', targets, signal: 'SIGKILL' }],
  };
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
  const next: SupervisorState = {
    ...state,
    phase: 'down',
    ending: null,
    budget: { ...state.budget, nextAt },
  };
  return failed(next, seen, now, policy, why);
};

/** The restart command ran for too long: its group is ended, and no beat that falls into this proves anything. */
const endCommand = (state: SupervisorState, ending: Ending, seen: Observation, now: number): Step => {
  const { command } = seen;
  // A group of which nobody can tell whether it lives is not gone: its last words may still come.
  if (command !== null && command.groupAlive !== false && now < ending.failAt) {
    if (now < ending.killAt || ending.killed) return silently(state);
    return {
      state: { ...state, ending: { ...ending, killed: true } },
      actions: [{ kind: 'end-command', reason: 'restart-timeout', signal: 'SIGKILL', afterMs: 0 }],
    };
  }
  // What beats now is judged as after any restart: the run before may go on, and a grace may be left.
  return silently({ ...state, phase: 'restarting', ending: null, ended: endedAt(state, now) });
};

/** A restart command that ran for too long without a beat of a new start. */
export const beginTimeout = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): Step => {
  const { restart, phase } = state;
  if (phase !== 'restarting' || restart === null) return silently(state);
  if (restart.commandDueAt === null || now < restart.commandDueAt) return silently(state);
  const over = { ...state, restart: { ...restart, commandDueAt: null } };
  if (seen.command?.running !== true) return silently(over);
  // As measured: a monitor before this one may have had another grace.
  const afterMs = now - (seen.command.startedAt ?? restart.at ?? now);
  return {
    state: begin(over, 'timeout', [], now, policy).state,
    actions: [{ kind: 'end-command', reason: 'restart-timeout', signal: 'SIGTERM', afterMs }],
  };
};

/** Nothing is ended and nothing started: it is not known which process the bot is. Told once for each reason. */
const refuse: Handler = (state, seen, now, policy) => refuseAfter(state, seen, now, policy, false);

/** @param signalled the bot before was being ended when that became unknown. */
const refuseAfter = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
  signalled: boolean,
): Step => {
  const unsafe = unsafeOf(seen, policy);
  const next = later(state, now);
  if (unsafe === null || state.budget.unsafeTold === unsafe.why) return silently(next);
  return {
    state: { ...next, budget: { ...next.budget, unsafeTold: unsafe.why } },
    actions: [
      tell({
        kind: 'restart-unsafe',
        bot: seen.bot,
        ...unsafe,
        ...(signalled ? { signalled } : {}),
        ...ofIncident(state, seen),
      }),
    ],
  };
};

const giveUp = (
  given: SupervisorState,
  seen: Observation,
  now: number,
  attempts: number,
  policy: RestartPolicy,
): Step => {
  const { windowMs } = policy;
  // A restart by order has left it down without an incident: now there is one.
  const opened = given.incident === null ? open(given, seen, now, policy) : silently(given);
  const { state } = opened;
  const { incident } = state;
  const lastResort = policy.onExhausted && incident?.lastResortRun !== true;
  const spent = tell({
    kind: 'budget-exhausted',
    bot: seen.bot,
    attempts,
    windowMs,
    lastResort,
    ...ofIncident(state, seen),
  });
  return {
    state: {
      ...state,
      phase: 'exhausted',
      incident: incident && {
        ...incident,
        exhausted: true,
        lastResortRun: incident.lastResortRun || lastResort,
      },
    },
    actions: [
      ...opened.actions,
      spent,
      ...(lastResort ? [{ kind: 'last-resort', reason: 'budget-spent', attempts, windowMs } as const] : []),
    ],
  };
};

const goesOnWords = 'the run before it goes on: the restart command did not end it';

const failure = (
  state: SupervisorState,
  seen: Observation,
  { most }: RestartPolicy,
  reason: string,
  nextInMs: number | null,
): Action => {
  const { command, bot } = seen;
  return tell({
    kind: 'restart-failed',
    bot,
    attempt: state.restart?.attempt ?? 0,
    most,
    reason,
    nextInMs,
    ...(command === null ? {} : { exitCode: command.exitCode, signal: command.signal }),
    ...(command === null || command.output === '' ? {} : { output: command.output }),
    ...ofIncident(state, seen),
  });
};

const failed = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
  reason: string,
): Step => {
  // What was seen not to end the run before is not run again.
  const exhausted = state.incident?.exhausted === true;
  const isUseless = state.restart?.commandFailed === true;
  const another = !exhausted && !isUseless && (restartsLeft(state.budget, now, policy) ?? 0) > 0;
  const nextInMs = another ? Math.max(0, state.budget.nextAt - now) : null;
  const told = failure(state, seen, policy, reason, nextInMs);
  const phase = exhausted ? 'exhausted' : 'down';
  if (state.incident !== null) return { state: { ...state, phase, grace: null }, actions: [told] };
  // It was restarted by order, without an incident: now there is one.
  const opened = open({ ...state, phase }, seen, now, policy);
  return { state: opened.state, actions: [...opened.actions, told] };
};

/** The command was seen not to end the run before it. */
const knowUseless = (state: SupervisorState): SupervisorState => ({
  ...state,
  restart: state.restart && { ...state.restart, commandFailed: true },
});

export const fail: Handler = (given, seen, now, policy) => {
  // The wait before the next attempt begins after the grace, or now where no grace was needed.
  const soonest = now + restartWait(given.restart?.attempt ?? 0, seen.chance, policy);
  const { budget } = given;
  const state = wasNotRun(given, seen)
    ? { ...given, budget: { ...budget, nextAt: Math.min(budget.nextAt, soonest) } }
    : given;
  // It beats on, stuck or in error: the command did not end it, and would not the next time.
  const goesOn = proofOf(state, seen) === 'old-run';
  return failed(
    goesOn ? knowUseless(state) : state,
    seen,
    now,
    policy,
    goesOn ? goesOnWords : explainFailedRestart(seen.command),
  );
};

export const verify: Handler = (state, seen, now, policy) => {
  const { attempt = 0, at = null } = state.restart ?? {};
  const rest = recover(
    // The wait before another one begins with the success: a bot that crashes again and again is not restarted in step.
    { ...state, budget: { ...state.budget, nextAt: now + restartWait(attempt, seen.chance, policy) } },
    seen,
    now,
    policy,
  );
  const verified = tell({
    kind: 'restart-verified',
    bot: seen.bot,
    attempt,
    tookMs: now - (at ?? now),
    pid: seen.writer?.pid ?? null,
    ...ofIncident(state, seen),
  });
  return { state: rest.state, actions: [verified, ...rest.actions] };
};

/** It beats, and the restart did not do it; or nobody can tell. */
export const conclude: Handler = (state, seen, now, policy) => {
  const goesOn = proofOf(state, seen) === 'old-run';
  const told = goesOn
    ? failure(state, seen, policy, goesOnWords, null)
    : wasNotRun(state, seen)
      ? failure(state, seen, policy, explainFailedRestart(seen.command), null)
      : tell({
          kind: 'restart-unproven',
          bot: seen.bot,
          attempt: state.restart?.attempt ?? 0,
          ...ofIncident(state, seen),
        });
  const rest = recover(goesOn ? knowUseless(state) : state, seen, now, policy);
  // What was learned of the command holds as long as the incident goes on.
  return { state: rest.state, actions: [told, ...rest.actions] };
};
