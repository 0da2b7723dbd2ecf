import { compareStates } from '@sentinel/heartbeat-core/browser';
import { type BotView, botView, stateAt } from './bot-view.ts';
import { moment, type Now } from './clock.ts';
import type { Link } from './link.ts';
import type { Heard } from './model.ts';
import { isDown, type State } from './states.ts';

export type Row = {
  readonly view: BotView;
  readonly state: State;
  readonly badges: readonly string[];
  /** What is at stake, in one line; `null`: nothing, or the bot does not say. */
  readonly exposure: string | null;
  readonly tags: readonly string[];
};

/** @param link of what is not heard now no badge is shown: it is old. */
export const rowOf = (heard: Heard, link: Link, now: Now): Row => ({
  view: botView(heard, link, now),
  state: stateAt(heard, now),
  badges: link.kind === 'live' ? badges(heard, now) : [],
  exposure: link.kind === 'live' ? (heard.status.atStake ?? null) : null,
  tags: heard.status.tags,
});

const byName = (one: Row, other: Row) =>
  one.view.name.localeCompare(other.view.name, 'en', { numeric: true });

/** The orders that a person can choose; those that are equal stay in the order that the API gives. */
export const orders = {
  'trouble first': (rows) => [...rows].sort((one, other) => compareStates(one.state, other.state)),
  'by name': (rows) => [...rows].sort(byName),
  'oldest beat first': (rows) =>
    [...rows].sort((one, other) => (other.view.age ?? Infinity) - (one.view.age ?? Infinity)),
  'exposed first': (rows) =>
    [...rows].sort((one, other) => Number(other.exposure !== null) - Number(one.exposure !== null)),
} as const satisfies Readonly<Record<string, (rows: readonly Row[]) => readonly Row[]>>;
export type BotOrder = keyof typeof orders;

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
    ...(course?.stopped && state !== 'stopped' ? ['to be stopped'] : []),
    ...(course?.ackBy && course.incidentSince !== null ? [`${course.ackBy} has it`] : []),
    ...((haltedByPerson || halted !== null) && state !== 'halted' ? ['halted'] : []),
    ...(isPaused(heard, now) ? [`paused until ${moment(pausedUntil ?? 0, now.wall)}`] : []),
    ...(closed ? ['market closed'] : []),
    ...(session === 'inactive' && !isDown(state) && state !== 'stopped' ? ['signed out'] : []),
  ];
};

/** Every tag that a bot has, once, in their order. */
export const tagsOf = (rows: readonly Row[]): readonly string[] =>
  [...new Set(rows.flatMap(({ tags }) => tags))].sort((one, other) =>
    one.localeCompare(other, 'en', { numeric: true }),
  );

/** Whether a bot is among those that were searched for, by its name, its state or its tags. */
export const matches = (
  { view: { name, word }, tags }: Pick<Row, 'tags'> & { view: Pick<BotView, 'name' | 'word'> },
  search: string,
  tag = '',
): boolean => {
  if (tag !== '' && !tags.includes(tag)) return false;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${name} ${word} ${tags.join(' ')}`.toLowerCase();
  return words.every((each) => text.includes(each));
};
