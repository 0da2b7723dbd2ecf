import { type Action, notificationsIn } from './actions.ts';
import type { RestartPolicy, Rung } from './policy.ts';
import { notify } from './step.ts';
import type { Incident, SupervisorState } from './supervisor-state.ts';

/** By this name a rung is remembered. No channel has a name with a space. */
export const nameOf = (rung: Rung): string => ('to' in rung ? rung.to : `run ${rung.run}`);

/** The first rung of the ladder that was not climbed in this incident. */
export const nextRung = ({ escalated }: Incident, { escalation = [] }: RestartPolicy): Rung | undefined =>
  escalation.find((rung) => !escalated.includes(nameOf(rung)));

/** The time of the day, and the day where it is another one. */
const utcMoment = (at: number, now: number): string => {
  const [moment, today] = [at, now].map((instant) => new Date(instant).toISOString());
  const [day = '', time = ''] = moment?.split('T') ?? [];
  return `${today?.startsWith(day) ? '' : `${day} `}${time.slice(0, 8)} UTC`;
};

/** What is done next if nobody acknowledges the incident, in words, for the messages about it. */
export const escalationOf = (
  { incident }: SupervisorState,
  now: number,
  policy: RestartPolicy,
): { readonly escalation?: string } => {
  const rung = incident === null || incident.ack !== null ? undefined : nextRung(incident, policy);
  if (rung === undefined || incident === null) return {};
  const what = 'to' in rung ? `${rung.to} is notified` : 'the --on-exhausted command is run';
  const at = incident.toldAt + rung.afterMs;
  // The moment, not how far away it is: a message may be read later, and is edited.
  return {
    escalation: `${what} ${at > now ? `at ${utcMoment(at, now)}` : 'now'}, unless somebody acknowledges the incident`,
  };
};

/** Who was called by a rung hears of the course and the end of the incident, however little the channel is sent otherwise. */
export const withCalled = ({ incident }: SupervisorState, actions: readonly Action[]): readonly Action[] => {
  const alsoTo = incident?.escalated.filter((name) => !name.includes(' ')) ?? [];
  if (alsoTo.length === 0 || notificationsIn(actions).length === 0) return actions;
  return actions.map((action) =>
    action.kind === 'notify' ? notify({ ...action.notification, alsoTo }) : action,
  );
};
