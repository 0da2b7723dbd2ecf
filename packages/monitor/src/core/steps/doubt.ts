import { commandLimitMs, startGraceMs } from '../command-limit.ts';
import { exitDueAt, forbidsRestart } from '../exit-code.ts';
import { explainSight } from '../explain.ts';
import { actableAt } from '../may-act.ts';
import type { Observation } from '../observation.ts';
import { outlookOf } from '../outlook.ts';
import type { RestartPolicy } from '../policy.ts';
import { doing, type Handler, isHeld, notify, silently } from '../step.ts';
import type { SupervisorState } from '../supervisor-state.ts';
import { ofIncident, open, recover } from './incident.ts';

/** A look that gave no beat, or found the process gone, is made again after this, in ms: most of it is over by then. */
const secondLookMs = 2000;

const patienceMs = ({ health }: Observation, policy: RestartPolicy): number => {
  if (health.reason.kind === 'process-gone') return policy.supervised === true ? 0 : secondLookMs / 2;
  if (health.reason.kind !== 'no-beat') return 0;
  return Math.min(secondLookMs, (policy.maxAgeMs ?? secondLookMs) / 3);
};

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

/** That it beats again holds no longer. A restart at once says so by itself. */
const tellAgain: Handler = (state, seen, now, policy) => {
  const restart = outlookOf(state, seen, now, policy);
  if (restart.kind === 'now') return silently(state);
  const { bot, health } = seen;
  const reason = explainSight(state, seen);
  const what = { kind: 'unhealthy', bot, state: health.state, reason, restart, again: true } as const;
  return doing(state, [notify({ ...what, ...ofIncident(state, seen) })]);
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
  const { replaced = 'known', commandDueAt: dueAt = null } = restart ?? {};
  const graceMs = dueAt === null ? policy.graceMs : startGraceMs(policy, replaced);
  const commandDueAt = dueAt === null ? null : Math.max(dueAt, now + commandLimitMs(policy, replaced));
  return {
    ...state,
    grace: { until: Math.max(grace.until, now + graceMs), beatAfter: now },
    restart: restart && { ...restart, commandDueAt },
  };
};
