import { longestAckMinutes } from './ack.ts';
import type { Action } from './actions.ts';
import { commandLimitMs, startGraceMs } from './command-limit.ts';
import type { StartInput } from './input.ts';
import { type Earlier, unpack } from './kept-state.ts';
import { goneWaitMs } from './may-act.ts';
import { moved } from './moved.ts';
import { phaseNames } from './phases.ts';
import type { RestartPolicy } from './policy.ts';
import { nextReminder } from './reminders.ts';
import { doing, notify, type Step, silently } from './step.ts';
import { giveBack } from './steps/leave-ending.ts';
import { endedAt } from './stop-by-us.ts';
import type { Incident, Restart, SupervisorState } from './supervisor-state.ts';
import { table } from './table.ts';

const longestPauseMs = 7 * 24 * 60 * 60_000;

/**
 * A monitor has started. What the one before has left goes on: an incident that was open, budget and waits; otherwise the
 * bot gets one grace to show a beat. A monitor that is killed again and again does not give it anew each time. Instants
 * that a clock set back has put too far ahead are brought near. What is no state is taken as nothing.
 */
export const start = (
  current: SupervisorState,
  { bot, kept, movedBy = 0, lost, late, asParent }: StartInput,
  now: number,
  policy: RestartPolicy,
): Step => {
  const toStart = late ? current.toStart : asParent;
  if (lost) {
    const state = { ...current, toStart, budget: { ...current.budget, amnesia: true } };
    return policy.enabled ? doing(state, [tellLost(bot)], now) : silently(state, now);
  }
  const before = isKept(kept) ? resumed(moved(unpack(kept), movedBy), now, policy) : null;
  if (before === null) return silently({ ...current, toStart }, now);
  if (late) return silently({ ...withBefore(current, before), toStart }, now);
  // The monitor before has ended its bot with itself: no beat until now is of one that lives.
  const ended = asParent && before.toStart ? { ...endedAt(before, now), byUs: true } : before.ended;
  return silently({ ...before, ended, toStart }, now);
};

const tellLost = (bot: string): Action =>
  notify({
    kind: 'custom',
    bot,
    severity: 'warning',
    title: `Few restarts of ${bot}`,
    text: 'the journal was damaged, so it is not known how often it was restarted: one restart an hour is made at most, until a person runs `sentinel-monitor reset`',
  });

const resumed = (kept: SupervisorState, now: number, policy: RestartPolicy): SupervisorState => {
  const state = broughtNear({ ...kept, budget: giveBack(kept.budget, kept.ending) }, now, policy);
  switch (table[kept.phase]['monitor-start']) {
    case 'goOn':
      return state;
    case 'endAnew': {
      // A stop that was begun is carried out with the first look.
      if (kept.stop !== null) return { ...state, phase: 'stopped', ending: null };
      // What had started the bot lives, and had its time to start the next one: it has it again.
      const nextAt = kept.ending?.goneAt === undefined ? 0 : now + goneWaitMs;
      const budget = { ...state.budget, nextAt: Math.max(state.budget.nextAt, nextAt) };
      return expectBeat({ ...state, phase: 'down', ending: null, budget }, now, policy);
    }
    case 'expect':
      return expectBeat(state, now, policy);
  }
};

/** An incident goes on; otherwise the first beat is waited for. */
const expectBeat = (state: SupervisorState, now: number, { graceMs }: RestartPolicy): SupervisorState => {
  if (state.incident !== null) return state;
  const leftUntil = state.phase === 'starting' ? state.grace?.until : undefined;
  const until = leftUntil !== undefined && leftUntil > now - graceMs ? leftUntil : now + graceMs;
  return { ...state, phase: 'starting', suspicion: null, grace: { until, beatAfter: null } };
};

const broughtNear = (kept: SupervisorState, now: number, policy: RestartPolicy): SupervisorState => {
  const { graceMs, longestBackoffMs, errorGraceMs } = policy;
  const past = (at: number | null) => nearOrNull(at, now);
  const { incident, grace, ended, restart, budget, runs, session, skew } = kept;
  return {
    ...kept,
    watchedSince: now,
    goneSince: null,
    lastGoodAt: past(kept.lastGoodAt),
    obstacle: kept.obstacle && { over: past(kept.obstacle.over) },
    incidentEndedAt: past(kept.incidentEndedAt),
    lastBeat: kept.lastBeat && {
      ...kept.lastBeat,
      at: Math.min(kept.lastBeat.at, now),
      latestAt: Math.min(kept.lastBeat.latestAt, now),
    },
    errorDueAt: nearOrNull(kept.errorDueAt, now + (errorGraceMs ?? 0)),
    stop: kept.stop && {
      ...kept.stop,
      since: Math.min(kept.stop.since, now),
      goneAt: past(kept.stop.goneAt),
    },
    pausedUntil: nearOrNull(kept.pausedUntil, now + longestPauseMs),
    incident: incident && broughtIncident(incident, now, policy),
    grace: grace && { ...grace, until: broughtGrace(grace.until, kept, now, policy) },
    ended: ended && { ...ended, at: Math.min(ended.at, now) },
    restart: restart && broughtRestart(restart, kept, now, policy),
    budget: {
      ...budget,
      restarts: budget.restarts.map((at) => Math.min(at, now)),
      nextAt: Math.min(budget.nextAt, now + graceMs + longestBackoffMs),
    },
    runs: { ...runs, severalToldAt: past(runs.severalToldAt) },
    session: { ...session, toldAt: past(session.toldAt) },
    skew: { ...skew, toldAt: past(skew.toldAt) },
  };
};

const nearOrNull = (at: number | null, most: number): number | null =>
  at === null ? null : Math.min(at, most);

const broughtIncident = (
  { untold, ...incident }: Incident,
  now: number,
  { settleMs, remindMs, silent = false }: RestartPolicy,
): Incident => ({
  ...incident,
  ...(untold === true && silent ? { untold } : {}),
  since: Math.min(incident.since, now),
  toldAt: Math.min(incident.toldAt, now),
  settleUntil: nearOrNull(incident.settleUntil, now + settleMs),
  // What nobody was told of is told by the first monitor that notifies.
  remindAt: untold === true && !silent ? now : Math.min(incident.remindAt, now + nextReminder(30, remindMs)),
  ack: incident.ack && {
    ...incident.ack,
    until: nearOrNull(incident.ack.until, now + longestAckMinutes * 60_000),
  },
});

const broughtRestart = (
  restart: Restart,
  kept: SupervisorState,
  now: number,
  policy: RestartPolicy,
): Restart => {
  const timeoutMs = commandLimitMs(policy, restart.replaced);
  const dueAt = restart.commandDueAt === null ? null : withGrace(kept, restart.commandDueAt, timeoutMs);
  return {
    ...restart,
    at: nearOrNull(restart.at, now),
    commandDueAt: nearOrNull(dueAt, now + timeoutMs),
  };
};

/** While a command that ends the old bot by itself may run, the new one has not begun. */
const broughtGrace = (until: number, kept: SupervisorState, now: number, policy: RestartPolicy): number => {
  const { restart } = kept;
  const graceMs = restart?.commandDueAt == null ? policy.graceMs : startGraceMs(policy, restart.replaced);
  return Math.min(withGrace(kept, until, graceMs), now + graceMs);
};

/** A new start that is waited for has the grace of today: somebody may have given it more. */
const withGrace = ({ phase, restart }: SupervisorState, at: number, ms: number): number =>
  phase === 'restarting' && restart !== null && restart.at !== null ? Math.max(at, restart.at + ms) : at;

/**
 * What the monitor before has left comes in late, since the journal could not be read at the start. Its budget, its pause
 * and its incident hold; what this monitor has seen meanwhile is kept.
 */
const withBefore = (current: SupervisorState, before: SupervisorState): SupervisorState => {
  const { pausedUntil, pausedBy, halt, stop, restart } = before;
  const nextAt = Math.max(current.budget.nextAt, before.budget.nextAt);
  if (before.incident !== null && !isOver(before.incident, current)) {
    const { lastGoodAt, goneSince } = current;
    const lastBeat = current.lastBeat?.key === before.lastBeat?.key ? before.lastBeat : current.lastBeat;
    const incident = withDone(before.incident, current.incident);
    return { ...before, incident, lastGoodAt, lastBeat, goneSince, budget: { ...before.budget, nextAt } };
  }
  const { restarts, amnesia } = before.budget;
  const incidentEndedAt =
    before.incident === null ? (before.incidentEndedAt ?? current.incidentEndedAt) : current.incidentEndedAt;
  const budget = { ...current.budget, restarts, amnesia, nextAt };
  return { ...current, pausedUntil, pausedBy, halt, stop, restart, incidentEndedAt, budget };
};

/** This monitor has told the incident anew, as it did not know of it: whoever was called meanwhile is not called again. */
const withDone = (before: Incident, anew: Incident | null): Incident =>
  anew === null
    ? before
    : {
        ...before,
        escalated: [...new Set([...before.escalated, ...anew.escalated])],
        lastResortRun: before.lastResortRun || anew.lastResortRun,
        reminders: Math.max(before.reminders, anew.reminders),
        remindAt: Math.max(before.remindAt, anew.remindAt),
        ack: anew.ack ?? before.ack,
      };

/**
 * This monitor, which did not know of it, has told that the bot is not well, and that it is well again. One that is open now
 * began after that.
 */
const isOver = ({ toldAt }: Incident, { incidentEndedAt }: SupervisorState): boolean =>
  incidentEndedAt !== null && incidentEndedAt > toldAt;

const isKept = (kept: unknown): kept is Earlier => {
  if (typeof kept !== 'object' || kept === null) return false;
  const { phase, restarts, graceUntil, nextRestartAt } = kept as Partial<Earlier>;
  return (
    phase !== undefined &&
    phaseNames.includes(phase) &&
    Array.isArray(restarts) &&
    restarts.every((at) => typeof at === 'number') &&
    typeof graceUntil === 'number' &&
    typeof nextRestartAt === 'number'
  );
};
