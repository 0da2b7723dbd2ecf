import { rankOf } from './describe.ts';
import type { Notification } from './notification.ts';
import type { Alert } from './read-alert.ts';

/** A notification as the beginning, the course or the end of something that a person has to look at. */
export type Alarm = {
  /** The same from its beginning to its end: the id of the incident, if it is one. */
  readonly key: string;
  readonly state: 'open' | 'acknowledged' | 'closed';
  /** Another notification will say that it is over. */
  readonly ends: boolean;
};

const open = (key: string, ends = true): Alarm => ({ key, state: 'open', ends });
const closed = (key: string): Alarm => ({ key, state: 'closed', ends: true });
const when = (isOpen: boolean, key: string): Alarm => (isOpen ? open(key) : closed(key));

/** Kinds whose end has a notification of its own; `undefined`: another kind. */
const withAnEnd = (notification: Notification): Alarm | undefined => {
  const { kind, bot, incident } = notification;
  if (kind === 'unhealthy' || kind === 'recovered') return when(kind === 'unhealthy', incident ?? bot);
  if (kind === 'acknowledged') return { key: incident ?? bot, state: kind, ends: true };
  if (kind === 'host-silent' || kind === 'host-back') return when(kind === 'host-silent', incident ?? bot);
  if (kind === 'deaf' || kind === 'hears-again') return when(kind === 'deaf', incident ?? `${bot}/deaf`);
  if (kind === 'reminder') return open(incident ?? bot);
  if (kind === 'bot-says') return when(notification.open, `${bot}/${notification.topic}`);
  if (kind === 'session-lost') return open(`${bot}/${kind}`);
  if (kind === 'custom' && notification.closes === 'incident') return closed(incident ?? bot);
  if (kind === 'custom' && notification.closes !== undefined) return closed(`${bot}/${notification.closes}`);
  if (kind !== 'journal-trouble') return undefined;
  const { trouble } = notification;
  return trouble === 'unusable' || trouble === 'usable-again'
    ? when(trouble === 'unusable', `${bot}/journal`)
    : undefined;
};

/** What a person has done is no alarm for people. */
const ofPersons: readonly string[] = ['paused', 'resumed', 'halted', 'unhalted'];

/**
 * What a notification means to a service that knows alarms and their end, and nothing else. `null`: it is no alarm, but a
 * note.
 *
 * @param id names it where nothing else does.
 */
export const alarmOf = (notification: Notification, id: string): Alarm | null => {
  const { kind, incident } = notification;
  const known = withAnEnd(notification);
  if (known !== undefined) return known;
  // A test has to arrive.
  if (kind === 'test') return open(id, false);
  if (ofPersons.includes(kind) || rankOf(notification).severity === 'info') return null;
  return incident === undefined ? open(id, false) : open(incident);
};

/** What makes an alarm, which somebody has, one that nobody has. */
const reopening: readonly string[] = ['unhealthy', 'reminder', 'escalated'];

/** How an alarm is after an alert of it. What is over stays so. */
export const alarmStateAfter = (
  before: Alarm['state'],
  { notification, id }: Pick<Alert, 'notification' | 'id'>,
): Alarm['state'] => {
  if (before === 'closed') return before;
  const state = alarmOf(notification, id)?.state ?? before;
  return state === 'open' && !reopening.includes(notification.kind) ? before : state;
};
