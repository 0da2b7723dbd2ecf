import { backoffMs } from '@sentinel/heartbeat-core';
import { withoutSpentAck } from './ack.ts';
import { escalationOf } from './escalation.ts';
import { explainSight } from './explain.ts';
import type { Observation } from './observation.ts';
import type { Phase } from './phases.ts';
import { doing, type Handler, isHeld, notify, silently } from './step.ts';
import type { SupervisorState } from './supervisor-state.ts';

const longestMs = 24 * 60 * 60_000;

/** The time from one reminder of an incident to the next, in ms: doubling up to a day. */
export const nextReminder = (reminders: number, remindMs: number): number =>
  backoffMs(reminders + 1, { firstMs: remindMs, longestMs: Math.max(longestMs, remindMs) });

/** While the bot is ended, or is well again, there is nothing that a reminder could say. */
const remindedIn: readonly Phase[] = ['suspect', 'down', 'restarting', 'exhausted'];

/** Something can be said of the incident: nobody has paused the bot, and the new start is not beside the old one. */
export const isRemindable = (state: SupervisorState, seen: Observation): boolean => {
  const { phase } = state;
  // The old start beats while the new one is waited for: nothing that a reminder could say makes sense yet.
  const isAwaited = phase === 'restarting' && seen.health.state === 'healthy';
  return !isHeld(state, seen) && !isAwaited && remindedIn.includes(phase);
};

/** An incident that goes on is told of again. */
export const remind: Handler = (state, seen, now, policy) => {
  if (state.incident === null) return silently(state);
  const incident = withoutSpentAck(state.incident, now);
  // Somebody has it.
  if (incident.ack !== null) return silently(state, incident.ack.until);
  if (now < incident.remindAt) return silently(state, incident.remindAt);
  if (!isRemindable(state, seen)) return silently(state);
  const reminders = incident.reminders + 1;
  const nextReminderInMs = nextReminder(reminders, policy.remindMs);
  const remindAt = now + nextReminderInMs;
  const { bot, health, status } = seen;
  const told = notify({
    kind: 'reminder',
    bot,
    state: health.state,
    openForMs: now - incident.since,
    reason: explainSight(state, seen),
    exhausted: incident.exhausted,
    nextReminderInMs,
    since: incident.since,
    ...escalationOf({ ...state, incident }, now, policy),
    ...(status === null ? {} : { lastStatus: status }),
  });
  return doing({ ...state, incident: { ...incident, reminders, remindAt } }, [told], remindAt);
};
