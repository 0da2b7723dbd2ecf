import { moment, type Now } from './clock.ts';
import type { BotStatus } from './wire.ts';
import type { Course } from './wire-course.ts';

const upper = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const ordinal = ({ attempt, most }: Course, next = 0): string =>
  attempt === null && next === 0
    ? 'restart'
    : `restart ${(attempt ?? 0) + next}${most === null ? '' : ` of ${most}`}`;

/** Who has the open incident, or has put off its reminders; `null`: nobody, or none is open. */
export const ackWords = ({ course }: BotStatus, now: Now): string | null => {
  if (course === null || course.ackBy === null || course.incidentSince === null) return null;
  const until = course.ackUntil === null ? '' : ` until ${moment(course.ackUntil, now.wall)}`;
  return course.snoozed
    ? `${course.ackBy} has put off the reminders${until}`
    : `${course.ackBy} has it${until}`;
};

const downWords = ({ restartsLeft, restartSafety }: BotStatus, course: Course, now: Now): string => {
  const { waitsUntil, notRestarted } = course;
  if (restartsLeft === null) return 'No restart command is set: a person is needed';
  // Why is said beside the button, with what to do.
  if (notRestarted !== null)
    return restartSafety?.includes(notRestarted) === true
      ? 'Not restarted, since that is not safe'
      : `Not restarted: ${notRestarted}`;
  return waitsUntil !== null && waitsUntil > now.wall
    ? `${upper(ordinal(course, 1))} at ${moment(waitsUntil, now.wall)}`
    : 'Not restarted yet';
};

/** While it is stopped the words of its state say by whom. */
const stoppedWords = ({ state }: BotStatus, { stopped, stoppedAt }: Course): string | null => {
  if (stopped === null || (stoppedAt !== null && state === 'stopped')) return null;
  return stoppedAt === null
    ? `${upper(stopped)}. It could not be ended yet`
    : `${upper(stopped)}. It is not restarted before somebody starts it`;
};

/** What the monitor does about the bot and what it waits for; `null`: nothing is to be said, or it does not say. */
export const courseWords = (status: BotStatus, now: Now): string | null => {
  const { phase, course } = status;
  if (phase === null || course === null) return null;
  const { waitsUntil } = course;
  const until = waitsUntil === null ? '' : ` until ${moment(waitsUntil, now.wall)}`;
  switch (phase) {
    case 'starting':
      return `Waiting for its first heartbeat${until}`;
    case 'suspect':
      return 'The monitor looks again before it alerts anybody';
    case 'ending':
      if (course.stopped !== null) return `${upper(course.stopped)}. It is being ended`;
      return 'The old process is being ended. Nothing is started before it is gone';
    case 'restarting':
      return `${upper(ordinal(course))}, waiting for a beat${until}`;
    case 'exhausted':
      return 'Given up: a person is needed';
    case 'settling':
      return `Beats again. The incident ends${waitsUntil === null ? '' : ` at ${moment(waitsUntil, now.wall)}`} if that lasts`;
    case 'stopped':
      return stoppedWords(status, course);
    case 'down':
      return downWords(status, course, now);
    default:
      return null;
  }
};

/** Nothing has ever been heard of the bot: that is no outage, as long as it may still come up. */
export const isNotKnownYet = ({ state, ageSeconds, phase, monitor }: BotStatus): boolean =>
  state === 'unknown' &&
  ageSeconds === null &&
  (phase === 'starting' || (!monitor.alive && monitor.lastSeen === null));
