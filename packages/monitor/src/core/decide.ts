import { healthStates } from '@sentinel/heartbeat-core';
import type { Action } from './actions.ts';
import { seeSkew } from './clock-skew.ts';
import { seeSeveral, seeWriter } from './duplicates.ts';
import { eventOf, isOfOldStart } from './event-of.ts';
import { explainSight } from './explain.ts';
import { endedAt, hearGoodbye, listenIn } from './last-words.ts';
import { actableAt } from './may-act.ts';
import type { Observation } from './observation.ts';
import type { EventKind } from './phases.ts';
import type { RestartPolicy } from './policy.ts';
import { nextReminder } from './reminders.ts';
import { restartsLeft } from './restart-budget.ts';
import { beginTimeout, startFirst } from './restart-steps.ts';
import { seeSession } from './session.ts';
import { type Step, steps } from './steps.ts';
import type { SupervisorState } from './supervisor-state.ts';
import { transitions } from './transitions.ts';

export type Decision = Step & {
  /** What the look amounted to. */
  readonly event: EventKind;
};

/**
 * One step of the supervisor: what it knows, what it sees and the time, to what it knows next and what is to be done.
 * Pure: the same arguments give the same decision. A state in which nothing changed comes back as it is.
 *
 * @param now ms on a clock that does not jump while the process lives.
 * @example
 * const step = (state: SupervisorState, observation: Observation, rules: RestartPolicy) =>
 *   decide(state, observation, performance.timeOrigin + performance.now(), rules);
 */
export const decide = (
  given: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): Decision => {
  const sides = lookAside(prepare(given, seen, now, policy), seen, now, policy);
  let { state, actions } = sides;
  const add = (step: Step) => {
    state = step.state;
    if (step.actions.length > 0) actions = [...actions, ...step.actions];
  };
  if (seen.toStart) {
    const first = asParent(state, seen, now, policy);
    add(first);
    // This look knows nothing of the bot that is started with it: what it says is gone is the bot before.
    if (first.actions.some(({ kind }) => kind === 'restart' || kind === 'end'))
      return { state, actions, event: 'ill' };
  }
  add(beginTimeout(state, seen, now, policy));
  const first = eventOf(state, seen, now, policy);
  // One look may lead through phases: suspected, told, restarted. It ends where nothing more is due.
  for (let event = first; ; event = eventOf(state, seen, now, policy)) {
    const { phase } = state;
    add(steps[transitions[phase][event]](state, seen, now, policy));
    if (state.phase === phase) break;
  }
  if (first === 'ill' || first === 'due') add(remind(state, seen, now, policy));
  return { state, actions, event: first };
};

/** The monitor is to be the bot's parent, and has just begun: the bot is started unless it beats. */
const asParent = (state: SupervisorState, seen: Observation, now: number, policy: RestartPolicy): Step => {
  if (healthStates[seen.health.state].beats) return { state, actions: none };
  if (state.incident === null) return startFirst(state, seen, now, policy);
  // In an incident that goes on a start is a restart: told, counted, and not beyond the budget. A last beat that says
  // that the end was planned is then of the monitor before, which ended its bot with itself.
  const held = state.pausedUntil !== null || restartsLeft(state.budget, now, policy) === 0;
  return held
    ? { state: { ...state, ended: endedAt(state, now) }, actions: none }
    : steps.restart(state, seen, now, policy);
};

const none: readonly Action[] = [];
/** How often it is looked whether the bot before is gone, in ms. */
const endLookMs = 25;
const unsure: readonly string[] = ['starting', 'up', 'suspect'];

/** What time alone has changed since the last look. */
const prepare = (
  given: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): SupervisorState => {
  let state = given;
  if (state.pausedUntil !== null && now >= state.pausedUntil) state = { ...state, pausedUntil: null };
  if (
    seen.reading === 'beat' &&
    seen.beatAt !== null &&
    seen.beatAt !== state.lastGoodAt &&
    seen.health.reason.kind !== 'dated-in-future'
  )
    state = { ...state, lastGoodAt: seen.beatAt };
  const isGone = seen.processes.writer === 'gone';
  if (isGone !== (state.goneSince !== null)) state = { ...state, goneSince: isGone ? now : null };
  // A bot that reports ❌ is given time; the instant at which that is over is kept.
  const inError = seen.health.state === 'degraded' && policy.errorGraceMs !== null;
  if (inError && state.errorDueAt === null)
    state = { ...state, errorDueAt: now + (policy.errorGraceMs ?? 0) };
  if (!inError && state.errorDueAt !== null) state = { ...state, errorDueAt: null };
  // The command that runs is the bot itself: it stays in the foreground, and beats.
  const { restart } = state;
  if (restart !== null && restart.commandDueAt !== null && seen.beatAt !== null && !isOfOldStart(state, seen))
    state = { ...state, restart: { ...restart, commandDueAt: null } };
  // After a machine slept, or its clock was set, the bot gets one grace; another one only after it has beaten.
  const hadOne = (state.grace?.beatAfter ?? null) !== null;
  if (seen.clockJumped && !hadOne && unsure.includes(state.phase))
    state = {
      ...state,
      phase: 'starting',
      suspicion: null,
      grace: { until: now + policy.graceMs, beatAfter: now },
    };
  return hearGoodbye(state, seen, policy);
};

/** What is told beside the incident: two bots at once, a session that is gone, clocks that disagree. */
const lookAside = (given: SupervisorState, seen: Observation, now: number, policy: RestartPolicy): Step => {
  const writer = seeWriter(given, seen.bot, seen.writer, now, policy.remindMs);
  const several = seeSeveral(writer.state, seen.bot, seen.processes.several, now, policy.remindMs);
  const session = seeSession(several.state, seen, now, policy.settleMs);
  const skew = seeSkew(session.state, seen, now, policy.remindMs);
  const { state } = skew;
  const told = [writer.notification, several.notification, session.notification, skew.notification];
  if (told.every((notification) => notification === null)) return { state, actions: none };
  return {
    state,
    actions: told.flatMap((notification) =>
      notification === null ? [] : [{ kind: 'notify', notification }],
    ),
  };
};

const remind = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  { remindMs }: RestartPolicy,
): Step => {
  const { incident } = state;
  if (incident === null || now < incident.remindAt) return { state, actions: none };
  // The old start beats while the new one is waited for: nothing that a reminder could say makes sense yet.
  if (state.phase === 'restarting' && seen.health.state === 'healthy') return { state, actions: none };
  const reminders = incident.reminders + 1;
  const nextReminderInMs = nextReminder(reminders, remindMs);
  const { bot, health, status } = seen;
  return {
    state: { ...state, incident: { ...incident, reminders, remindAt: now + nextReminderInMs } },
    actions: [
      {
        kind: 'notify',
        notification: {
          kind: 'reminder',
          bot,
          state: health.state,
          openForMs: now - incident.since,
          reason: explainSight(state, seen),
          exhausted: incident.exhausted,
          nextReminderInMs,
          since: incident.since,
          ...(status === null ? {} : { lastStatus: status }),
        },
      },
    ],
  };
};

/** In how many ms the supervisor has to look again even if nothing changes; `null`: nothing is due. */
export const dueIn = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): number | null => {
  const { pausedUntil, errorDueAt, phase, incident, grace, restart } = state;
  const ofPhase = {
    starting: grace?.until ?? 0,
    restarting: grace?.until ?? 0,
    ending: now + endLookMs,
    suspect: state.suspicion?.againAt ?? 0,
    down: state.budget.nextAt,
    settling: incident?.settleUntil ?? 0,
    up: 0,
    stopped: 0,
    exhausted: 0,
  }[phase];
  const actable = ['down', 'starting'].includes(phase) ? actableAt(state, seen, now, policy) : 0;
  const due = [
    ofPhase,
    Number.isFinite(actable) ? actable : 0,
    pausedUntil ?? 0,
    incident?.remindAt ?? 0,
    errorDueAt ?? 0,
    restart?.commandDueAt ?? 0,
  ]
    .map((at) => at - now)
    .concat(seen.health.changesInMs ?? 0, listenIn(state, now, policy) ?? 0)
    .filter((ms) => ms > 0);
  return due.length === 0 ? null : Math.min(...due);
};
