import { withoutSpentAck } from '../ack.ts';
import type { Action } from '../actions.ts';
import { escalationOf, nameOf, nextRung } from '../escalation.ts';
import { explainSight } from '../explain.ts';
import { lastResortOf } from '../last-resort.ts';
import type { Observation } from '../observation.ts';
import type { RestartPolicy, Rung } from '../policy.ts';
import { isRemindable } from '../reminders.ts';
import { andThen, doing, type Handler, notify, type Step, silently } from '../step.ts';
import type { Incident, SupervisorState } from '../supervisor-state.ts';
import { ofIncident } from './incident.ts';

/** What cannot be noted, or is of a bot whose lock another monitor has, is not run. It is looked again soon. */
const isBarred = ({ processes: { custody } }: Observation): boolean =>
  custody?.kind === 'unknown' && (custody.doubt.kind === 'lock' || custody.doubt.kind === 'memory');
const againMs = 2000;

const climb = (
  state: SupervisorState,
  incident: Incident,
  rung: Rung,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): Step => {
  const command = 'to' in rung ? 'none' : lastResortOf(state, incident, policy);
  if (command === 'run' && isBarred(seen)) return silently(state, now + againMs);
  const escalated = [...incident.escalated, nameOf(rung)];
  const lastResortRun = incident.lastResortRun || command === 'run';
  const next = { ...state, incident: { ...incident, escalated, lastResortRun } };
  if (!('to' in rung) && command === 'none') return silently(next);
  const { bot, health } = seen;
  const told = notify({
    kind: 'escalated',
    bot,
    state: health.state,
    reason: explainSight(state, seen),
    openForMs: now - incident.since,
    ...('to' in rung ? { to: rung.to } : { command: command === 'none' ? 'spared' : command }),
    ...ofIncident(next, seen),
    ...escalationOf(next, now, policy),
  });
  const run: Action = { kind: 'last-resort', reason: 'not-acknowledged', afterMs: rung.afterMs };
  return doing(next, command === 'run' ? [told, run] : [told]);
};

/**
 * An incident that nobody has acknowledged goes up the ladder: each rung once in an incident, however many monitors watch
 * it one after the other. An acknowledgement or a snooze stops it for as long as it lasts, and the end of the incident for
 * good.
 */
export const escalate: Handler = (state, seen, now, policy) => {
  if (state.incident === null || policy.escalation === undefined) return silently(state);
  const incident = withoutSpentAck(state.incident, now);
  const rung = nextRung(incident, policy);
  if (rung === undefined) return silently(state);
  if (incident.ack !== null) return silently(state, incident.ack.until);
  const dueAt = incident.toldAt + rung.afterMs;
  if (now < dueAt) return silently(state, dueAt);
  if (!isRemindable(state, seen)) return silently(state);
  const step = climb(state, incident, rung, seen, now, policy);
  // Each step up is one rung less.
  return step.state === state ? step : andThen(step, (next) => escalate(next, seen, now, policy));
};
