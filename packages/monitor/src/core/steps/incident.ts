import type { Health } from '@sentinel/heartbeat-core';
import { explainHealth, healthStates, inWords } from '@sentinel/heartbeat-core';
import type { Action } from '../actions.ts';
import { escalationOf } from '../escalation.ts';
import { explainSight } from '../explain.ts';
import type { Observation } from '../observation.ts';
import { outlookOf } from '../outlook.ts';
import { atStake } from '../says.ts';
import { doing, type Handler, notify, silently } from '../step.ts';
import type { Incident, SupervisorState } from '../supervisor-state.ts';

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

/** What people were told last is that it beats again. */
export const withToldWell = (state: SupervisorState): SupervisorState => ({
  ...state,
  incident: state.incident && { ...state.incident, toldWell: true },
});

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
