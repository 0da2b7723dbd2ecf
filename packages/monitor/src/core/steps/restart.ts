import type { Custody } from '../../custody/custody.ts';
import { restartWait } from '../backoff.ts';
import { commandLimitMs, lateStartUntil, startGraceMs } from '../command-limit.ts';
import { lastResortOf } from '../last-resort.ts';
import { actableAt } from '../may-act.ts';
import type { Observation } from '../observation.ts';
import { runByProcess } from '../observe.ts';
import { unsafeOf, writtenDoubt } from '../outlook.ts';
import type { RestartPolicy } from '../policy.ts';
import { hourMs, restartsInWindow, restartsLeft } from '../restart-budget.ts';
import { andThen, doing, type Handler, isHeld, notify, type Step, silently } from '../step.ts';
import { endedAt } from '../stop-by-us.ts';
import type { Budget, Replaced, SupervisorState } from '../supervisor-state.ts';
import { begin } from './begin.ts';
import { isLaidThere } from './doubt.ts';
import { ofIncident, open, recover } from './incident.ts';

/** How often it is looked again whether a restart has become safe, or a new start has beaten, in ms. */
const againMs = 2000;

/** Where nobody asks for processes, in a replay say, the bot before is taken to be ended by the restart. */
export const assumed: Custody = { kind: 'gone', by: 'process' };

/** An incident is open: the bot is restarted as soon as the wait is over and the evidence allows it. */
export const retry: Handler = (state, seen, now, policy) => {
  if (!policy.enabled || isHeld(state, seen)) return silently(state);
  const evidentAt = actableAt(state, seen, now, policy);
  const nextAt = Math.max(state.budget.nextAt, evidentAt);
  // With nothing left to try there is nothing to wait for.
  const dueAt = restartsLeft(state.budget, nextAt, policy) === 0 ? evidentAt : nextAt;
  if (now >= dueAt) return restart(state, seen, now, policy);
  const lookAt = Number.isFinite(dueAt) ? dueAt : null;
  // What was told of it, that it is restarted in a while, holds no longer.
  const doubt = writtenDoubt(seen, now, policy);
  return doubt === null ? silently(state, lookAt) : tellDoubt(state, seen, doubt, lookAt);
};

/** It beats in an incident: only a beat that is newer than the incident, and than what was ended, says that it is well. */
export const returnIn: Handler = (state, seen, now, policy) => {
  const { phase, ended, incident } = state;
  const { beatAt } = seen;
  // Nothing of then runs any more.
  if ((ended !== null && beatAt !== null && beatAt <= ended.at) || isLaidThere(seen))
    return phase === 'down' ? retry(state, seen, now, policy) : silently(state);
  // A process that was started, or a file that is back, is no sign of life: nothing is ended on that either.
  if (incident !== null && beatAt !== null && beatAt <= incident.toldAt) return silently(state);
  return recover(state, seen, now, policy);
};

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
  if (custody.kind === 'started') return waitForStarted(state, now);
  const lateUntil = lateStartUntil(state, seen, policy);
  if (now < lateUntil && custody.kind !== 'held')
    return silently({ ...state, budget: { ...state.budget, nextAt: lateUntil } }, lateUntil);
  // Only a start waits for its turn: to end what hangs takes no time.
  if (seen.crowded === true && custody.kind !== 'held') return silently(state);
  const attempt = used.length + 1;
  const { graceMs, most } = policy;
  const counted = { ...state.budget, restarts: [...used, now], unsafeTold: null };
  const decided = decideRestart(state, seen, attempt, counted);
  const { bot } = seen;
  const told = {
    kind: 'restart-attempted',
    bot,
    attempt,
    most,
    graceMs,
    ...ofIncident(state, seen),
  } as const;
  return andThen(doing(decided, [notify(told)]), (next) =>
    custody.kind === 'held'
      ? begin(next, 'restart', custody.targets, now, policy)
      : run(next, seen, now, policy, replacedBy(custody)),
  );
};

/** The run that beat last, as its beats name it once its process is known: also where the file shows none of them now. */
const lastRun = ({ runs }: SupervisorState, { run, processes: { mark } }: Observation): string | null => {
  const pid = runs.writers.at(-1)?.pid ?? null;
  return run ?? (pid === null || mark === null ? null : runByProcess(pid, mark));
};

const decideRestart = (
  state: SupervisorState,
  seen: Observation,
  attempt: number,
  budget: Budget,
): SupervisorState => {
  const runs = state.runs.writers.map(({ instance }) => instance);
  const run = lastRun(state, seen);
  return {
    ...state,
    grace: null,
    suspicion: null,
    errorDueAt: null,
    // This is its start: a first one beside it would be a second bot.
    toStart: false,
    budget,
    restart: {
      at: null,
      attempt,
      runsBefore: [...new Set(run === null ? runs : [...runs, run])],
      replaced: 'known',
      commandDueAt: null,
      commandFailed: state.restart?.commandFailed ?? false,
    },
  };
};

/** The command is run: its grace begins now, whatever time the end of the old bot took. */
export const run = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
  replaced: Replaced,
): Step => {
  const { restart, budget } = state;
  const { attempt = 0, runsBefore = [], commandFailed = false } = restart ?? {};
  const graceMs = startGraceMs(policy, replaced);
  const waitMs = Math.max(
    policy.graceMs + restartWait(attempt, seen.chance, policy),
    budget.amnesia ? hourMs : 0,
  );
  const commandDueAt = now + commandLimitMs(policy, replaced);
  return doing(
    {
      ...state,
      phase: 'restarting',
      ending: null,
      restart: { at: now, attempt, runsBefore, replaced, commandDueAt, commandFailed },
      grace: { until: now + graceMs, beatAfter: null },
      budget: { ...budget, nextAt: now + waitMs },
      ended: endedAt(state, now),
      goneSince: null,
      endedWith: null,
    },
    [{ kind: 'restart', attempt, reason: seen.health.reason.kind }],
    Math.min(now + graceMs, commandDueAt),
  );
};

/** The first start of a bot whose parent the monitor is: no incident, and no restart of the budget. */
export const startFirst: Handler = (state, seen, now, policy) => {
  const custody = seen.processes.custody ?? assumed;
  if (custody.kind === 'started') return silently(state);
  if (unsafeOf(seen, policy) !== null) return refuse(state, seen, now, policy);
  if (custody.kind === 'held') return begin(state, 'start', custody.targets, now, policy);
  return seen.crowded === true ? silently(state) : launch(state, seen, now, policy);
};

export const launch: Handler = (state, seen, now, { graceMs }) =>
  doing(
    {
      ...state,
      phase: 'starting',
      ending: null,
      grace: { until: now + graceMs, beatAfter: state.grace?.beatAfter ?? null },
      goneSince: null,
      endedWith: null,
    },
    [{ kind: 'restart', attempt: 0, reason: seen.health.reason.kind }],
    now + graceMs,
  );

/** Somebody started it by hand, or systemd did: it gets its time, and nothing is started beside it. */
export const waitForStarted = (state: SupervisorState, now: number): Step => {
  const next = later(state, now);
  return silently({ ...next, phase: 'down', ending: null }, next.budget.nextAt);
};

/** It is looked again soon whether a restart can be made. */
const later = (state: SupervisorState, now: number): SupervisorState => ({
  ...state,
  budget: { ...state.budget, nextAt: now + againMs },
});

/** Nothing is ended and nothing started: it is not known which process the bot is. Told once for each reason. */
const refuse: Handler = (state, seen, now, policy) => refuseAfter(state, seen, now, policy, false);

/** @param signalled the bot before was being ended when that became unknown. */
export const refuseAfter = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
  signalled: boolean,
): Step => {
  const unsafe = unsafeOf(seen, policy);
  const next = later(state, now);
  const { nextAt } = next.budget;
  return unsafe === null
    ? silently(next, nextAt)
    : tellDoubt(next, seen, { ...unsafe, ...(signalled ? { signalled } : {}) }, nextAt);
};

/** Why nothing is ended and started: told once for each reason. */
const tellDoubt = (
  state: SupervisorState,
  seen: Observation,
  doubt: { readonly why: string; readonly advice: string; readonly signalled?: boolean },
  lookAt: number | null,
): Step => {
  const { budget } = state;
  if (budget.unsafeTold === doubt.why) return silently(state, lookAt);
  const told = notify({ kind: 'restart-unsafe', bot: seen.bot, ...doubt, ...ofIncident(state, seen) });
  return doing({ ...state, budget: { ...budget, unsafeTold: doubt.why } }, [told], lookAt);
};

const giveUp = (
  given: SupervisorState,
  seen: Observation,
  now: number,
  attempts: number,
  policy: RestartPolicy,
): Step => {
  const { windowMs } = policy;
  // A person's restart has left it down without an incident: now there is one.
  const opened = given.incident === null ? open(given, seen, now, policy) : silently(given);
  return andThen(opened, (state) => {
    const { incident } = state;
    const command = lastResortOf(state, incident, policy);
    const lastResort = command === 'run';
    const spent = { kind: 'budget-exhausted', bot: seen.bot, attempts, windowMs, lastResort } as const;
    const withheld = command === 'spared' || command === 'forgotten' ? { [command]: true } : {};
    const actions = [notify({ ...spent, ...withheld, ...ofIncident(state, seen) })];
    if (lastResort) actions.push({ kind: 'last-resort', reason: 'budget-spent', attempts, windowMs });
    const lastResortRun = incident?.lastResortRun === true || lastResort;
    return doing(
      { ...state, phase: 'exhausted', incident: incident && { ...incident, exhausted: true, lastResortRun } },
      actions,
    );
  });
};
