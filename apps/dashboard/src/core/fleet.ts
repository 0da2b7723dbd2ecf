import { compareStates } from '@sentinel/heartbeat-core/browser';
import { stateAt } from './bot-view.ts';
import { moment, type Now } from './clock.ts';
import type { Heard } from './model.ts';
import { isDown } from './states.ts';

/** A bot that needs a look comes first; else they stay in the order that the API gives. */
export const troubleFirst = (bots: readonly Heard[], now: Now): readonly Heard[] =>
  [...bots].sort((one, other) => compareStates(stateAt(one, now), stateAt(other, now)));

/** What a bot counts as, in the order in which it is said. */
const kinds = ['up', 'down', 'unknown', 'degraded', 'halted', 'stopped', 'paused'] as const;
type Kind = (typeof kinds)[number];

/** A pause hides no trouble: a paused bot that is down counts as down. */
const kindOf = (heard: Heard, now: Now): Kind => {
  const state = stateAt(heard, now);
  if (state === 'unknown') return 'unknown';
  if (isDown(state)) return 'down';
  if (isPaused(heard, now)) return 'paused';
  return state === 'healthy' ? 'up' : (state as Kind);
};

const isPaused = ({ status: { pausedUntil } }: Heard, now: Now): boolean =>
  pausedUntil !== null && pausedUntil > now.wall;

/** `12 up, 3 down, 1 paused`: each bot counts once. */
export const summary = (bots: readonly Heard[], now: Now): string => {
  const counts = new Map<Kind, number>();
  for (const each of bots) {
    const kind = kindOf(each, now);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return kinds.flatMap((kind) => (counts.has(kind) ? [`${counts.get(kind)} ${kind}`] : [])).join(', ');
};

const phaseWords: Readonly<Record<string, string>> = {
  ending: 'is being ended',
  restarting: 'restarting',
  exhausted: 'given up',
};

const restartOf = ({ status: { phase, course } }: Heard): string =>
  phase !== 'restarting' || course === null || course.attempt === null || course.most === null
    ? ''
    : ` ${course.attempt} of ${course.most}`;

/** What is so of a bot beside its state, in few words each. */
export const badges = (heard: Heard, now: Now): readonly string[] => {
  const { pausedUntil, closedUntil, session, phase, halted, haltedByPerson, needsPerson, course } =
    heard.status;
  const state = stateAt(heard, now);
  const closed = closedUntil !== null && closedUntil > now.wall;
  return [
    ...(needsPerson === null ? [] : ['needs a person']),
    ...(phase !== null && phaseWords[phase] !== undefined ? [`${phaseWords[phase]}${restartOf(heard)}`] : []),
    ...(course?.ackBy && course.incidentSince !== null ? [`${course.ackBy} has it`] : []),
    ...((haltedByPerson || halted !== null) && state !== 'halted' ? ['halted'] : []),
    ...(isPaused(heard, now) ? [`paused until ${moment(pausedUntil ?? 0, now.wall)}`] : []),
    ...(closed ? ['market closed'] : []),
    ...(session === 'inactive' && !isDown(state) && state !== 'stopped' ? ['signed out'] : []),
  ];
};

/** Whether a bot is among those that were searched for, by its name or its state. */
export const matches = (name: string, word: string, search: string): boolean => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${name} ${word}`.toLowerCase();
  return words.every((each) => text.includes(each));
};
