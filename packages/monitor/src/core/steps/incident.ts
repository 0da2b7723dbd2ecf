import type { Health } from '@sentinel/heartbeat-core';
import { explainHealth, healthStates, inWords } from '@sentinel/heartbeat-core';
import type { Action } from '../actions.ts';
import { escalationOf } from '../escalation.ts';
import { exitDueAt, forbidsRestart } from '../exit-code.ts';
import { explainSight } from '../explain.ts';
import { actableAt } from '../may-act.ts';
import type { Observation } from '../observation.ts';
import { outlookOf } from '../outlook.ts';
import type { RestartPolicy } from '../policy.ts';
import { atStake } from '../says.ts';
import { doing, type Handler, isHeld, notify, silently } from '../step.ts';
import type { Incident, SupervisorState } from '../supervisor-state.ts';

/** A look that gave no beat, or found the process gone, is made again after this, in ms: most of it is over by then. */
const secondLookMs = 2000;

const patienceMs = ({ health }: Observation, policy: RestartPolicy): number => {
  if (health.reason.kind === 'process-gone') return policy.supervised === true ? 0 : secondLookMs / 2;
  if (health.reason.kind !== 'no-beat') return 0;
  return Math.min(secondLookMs, (policy.maxAgeMs ?? secondLookMs) / 3);
};

/** Since when it has not been well, as far as is known: not when that was noticed. */
const illForMs = ({ reason, ageMs }: Health, goneMs: number): number => {
  if (reason.kind === 'no-progress') return reason.stalledMs;
  // A beat that is dated ahead has no age.
  return reason.kind === 'process-gone' ? goneMs : Math.max(0, ageMs ?? 0);
};

/** A beat that is dated before the one before it came after that one, and the bot was well until then. */
const lastWellAt = ({ lastBeat }: SupervisorState, { health: { reason } }: Observation): number =>
  reason.kind === 'too-old' && lastBeat !== null ? lastBeat.at : Number.NEGATIVE_INFINITY;

/** What every message about an incident says of it. */
export const ofIncident = ({ incident, says }: SupervisorState, { status }: Observation) => ({
  ...(incident === null ? {} : { since: incident.since }),
  ...(status === null ? {} : { lastStatus: status }),
  ...atStake(says.exposure),
});

/** Beats that are dated before others, where no process can be the bot: files of before are laid there. */
export const isLaidThere = ({ backdated, processes: { custody, writer } }: Observation): boolean =>
  backdated === true && (writer === 'gone' || custody?.kind === 'gone' || custody?.kind === 'never');

/** It was just started: its first beat is waited for. */
export const awaitFirst: Handler = (state, seen, now, policy) => {
  if (isHeld(state, seen)) return silently(state);
  const { health, processes, command } = seen;
  // A process that is gone brings no first beat; after a reboot the system may be starting it. Where the command's group
  // lives, what is gone is the run before: the one that was just started is on its way.
  const mayBeGone = health.state === 'down' && !processes.byReboot && command?.groupAlive !== true;
  const goneAt = mayBeGone ? actableAt(state, seen, now, policy) : Number.POSITIVE_INFINITY;
  const endsFor = forbidsRestart(processes.exitCode, policy) ? now : goneAt;
  const dueAt = Math.min(state.grace?.until ?? now, endsFor);
  return now >= dueAt ? doubt(state, seen, now, policy) : silently(state, dueAt);
};

/** Its first beat has come, unless it was written before the clocks went apart. */
export const firstBeat: Handler = (state, seen, now, policy) => {
  const beatAfter = state.grace?.beatAfter ?? null;
  return beatAfter !== null && (seen.beatAt ?? 0) <= beatAfter
    ? silently(state)
    : recover(state, seen, now, policy);
};

/** Looks that find the bot unwell are counted; what may be over in a moment is looked at again before it counts. */
export const doubt: Handler = (state, seen, now, policy) => {
  if (isHeld(state, seen)) return silently(state);
  const { failureThreshold, recheckMs } = policy;
  const suspicion =
    failureThreshold > 1
      ? { looks: 1, againAt: now + recheckMs }
      : { looks: 0, againAt: now + patienceMs(seen, policy) };
  return silently({ ...state, phase: 'suspect', suspicion }, suspicion.againAt);
};

/** A bot that was stopped on purpose, was started again, and has ended at once: one beat of its new run was all. */
export const doubtEnd: Handler = (state, seen, now, policy) => {
  const { stoppedRun, lastBeat } = state;
  // Also for a monitor that begins after the one that has doubted the beat.
  const isCopy = lastBeat?.doubted === true && lastBeat.key === seen.beat;
  const isOfBefore = isCopy || (seen.run !== null && seen.run === stoppedRun);
  return isOfBefore ? silently(state) : doubt(state, seen, now, policy);
};

/** It was stopped on purpose. Whoever stopped it may have tidied up after it: only a beat says that it runs again. */
export const doubtBeat: Handler = (state, seen, now, policy) =>
  seen.health.reason.kind === 'no-beat' ? silently(state) : doubtEnd(state, seen, now, policy);

export const confirm: Handler = (state, seen, now, policy) => {
  if (isHeld(state, seen)) return silently(state);
  const { looks, againAt: nextAt } = state.suspicion ?? { looks: 0, againAt: now };
  // What people are told depends on the exit code too.
  const againAt = Math.max(nextAt, exitDueAt(state, seen, now, policy) ?? nextAt);
  if (now < againAt) return silently(state, againAt);
  if (looks + 1 < policy.failureThreshold) {
    const suspicion = { looks: looks + 1, againAt: now + policy.recheckMs };
    return silently({ ...state, suspicion }, suspicion.againAt);
  }
  const { incident } = state;
  if (incident === null) return open({ ...state, phase: 'down' }, seen, now, policy);
  const { toldWell = false, ...rest } = incident;
  const next: SupervisorState = {
    ...state,
    phase: incident.exhausted ? 'exhausted' : 'down',
    suspicion: null,
    incident: { ...rest, settleUntil: null },
  };
  return toldWell ? tellAgain(next, seen, now, policy) : silently(next);
};

/** What people were told last is that it beats again. */
export const withToldWell = (state: SupervisorState): SupervisorState => ({
  ...state,
  incident: state.incident && { ...state.incident, toldWell: true },
});

/** That it beats again holds no longer. A restart at once says so by itself. */
const tellAgain: Handler = (state, seen, now, policy) => {
  const restart = outlookOf(state, seen, now, policy);
  if (restart.kind === 'now') return silently(state);
  const { bot, health } = seen;
  const reason = explainSight(state, seen);
  const what = { kind: 'unhealthy', bot, state: health.state, reason, restart, again: true } as const;
  return doing(state, [notify({ ...what, ...ofIncident(state, seen) })]);
};

/** An incident begins, and people are told what is done about it. */
export const open: Handler = (state, seen, now, policy) => {
  const { bot, health } = seen;
  const endedAt = state.incidentEndedAt ?? Number.NEGATIVE_INFINITY;
  const restart = outlookOf(state, seen, now, policy);
  // A new run has beaten since: it was not gone for as long as the one before.
  const goneMs = now - Math.max(state.goneSince ?? now, state.lastBeat?.at ?? Number.NEGATIVE_INFINITY);
  const next: SupervisorState = {
    ...state,
    suspicion: null,
    grace: null,
    incident: {
      since: Math.max(now - illForMs(health, goneMs), endedAt, lastWellAt(state, seen)),
      toldAt: now,
      flapping: now - endedAt < policy.settleMs,
      settleUntil: null,
      reminders: 0,
      remindAt: now + policy.remindMs,
      ...(policy.silent === true ? { untold: true } : {}),
      ack: null,
      escalated: [],
      exhausted: false,
      lastResortRun: false,
    },
    budget: { ...state.budget, unsafeTold: restart.kind === 'not-safe' ? restart.why : null },
  };
  const told = notify({
    kind: 'unhealthy',
    bot,
    state: health.state,
    reason: explainSight(state, seen),
    restart,
    ...ofIncident(next, seen),
    ...escalationOf(next, now, policy),
  });
  return doing(next, [told]);
};

const well = (state: SupervisorState): SupervisorState => ({
  ...state,
  phase: 'up',
  suspicion: null,
  grace: null,
  ended: null,
  ending: null,
});

/** It runs again: no incident was open. */
export const wake: Handler = (state) => silently(well(state));

/** What the command did not end goes on: it would not end it the next time either. */
const stillFails = ({ restart }: SupervisorState, run: string | null): boolean =>
  restart?.commandFailed === true && run !== null && restart.runsBefore.includes(run);

/** Another run beats: what the command did not end is of the past. */
export const seeOtherRun: Handler = (state, { run, health }) => {
  const { restart, incident } = state;
  const isOver =
    restart?.commandFailed === true && incident === null && run !== null && !stillFails(state, run);
  return silently(
    isOver && healthStates[health.state].beats
      ? { ...state, restart: restart && { ...restart, commandFailed: false } }
      : state,
  );
};

const close = (state: SupervisorState, { run }: Observation, now: number): SupervisorState => ({
  ...well(state),
  incident: null,
  incidentEndedAt: now,
  restart: state.restart === null ? null : { ...state.restart, commandFailed: stillFails(state, run) },
  budget: { ...state.budget, unsafeTold: null },
});

const recovered = (state: SupervisorState, incident: Incident, seen: Observation, now: number): Action =>
  notify({
    kind: 'recovered',
    bot: seen.bot,
    outageMs: now - incident.since,
    ...(seen.health.state === 'degraded' ? { but: explainHealth(seen.health) } : {}),
    ...ofIncident(state, seen),
  });

/** It is well: an incident ends, or settles where it flaps. */
export const recover: Handler = (state, seen, now, policy) => {
  const { incident } = state;
  if (incident === null) return silently(well(state));
  if (!incident.flapping) return doing(close(state, seen, now), [recovered(state, incident, seen, now)]);
  // A doubt that came to nothing is no break.
  const goesOn = state.phase === 'suspect' && (incident.settleUntil ?? 0) > now;
  const settleUntil = goesOn ? incident.settleUntil : now + policy.settleMs;
  return silently({ ...well(state), phase: 'settling', incident: { ...incident, settleUntil } }, settleUntil);
};

export const settle: Handler = (state, seen, now) => {
  const { incident } = state;
  if (incident === null) return silently(well(state));
  const { settleUntil } = incident;
  if (settleUntil !== null && now < settleUntil) return silently(state, settleUntil);
  return doing(close(state, seen, now), [recovered(state, incident, seen, now)]);
};

export const stop: Handler = (state, seen, now) => {
  const { bot, run } = seen;
  const { incident } = state;
  const stopped = { phase: 'stopped', stoppedRun: run } as const;
  if (incident === null) return silently({ ...well(state), ...stopped });
  const text = `was stopped on purpose: its incident of ${inWords(now - incident.since)} is over`;
  const over = { severity: 'info', ends: 'critical', closes: 'incident' } as const;
  const told = notify({ kind: 'custom', bot, ...over, text });
  return doing({ ...close(state, seen, now), ...stopped }, [told]);
};

/** A clock that was set, or a machine that slept: the bot gets one grace, and another one only after it has beaten. */
export const allow = (state: SupervisorState, now: number, { graceMs }: RestartPolicy): SupervisorState =>
  state.grace !== null && state.grace.beatAfter !== null
    ? state
    : { ...state, phase: 'starting', suspicion: null, grace: { until: now + graceMs, beatAfter: now } };

/** The same for a start that is on its way: it stood still too, and so did its command. */
export const allowStart = (state: SupervisorState, now: number, policy: RestartPolicy): SupervisorState => {
  const { grace, restart } = state;
  if (grace === null || grace.beatAfter !== null) return state;
  const { graceMs, restartTimeoutMs } = policy;
  const dueAt = restart?.commandDueAt ?? null;
  const commandDueAt = dueAt === null ? null : Math.max(dueAt, now + (restartTimeoutMs ?? graceMs));
  return {
    ...state,
    grace: { until: Math.max(grace.until, now + graceMs), beatAfter: now },
    restart: restart && { ...restart, commandDueAt },
  };
};
