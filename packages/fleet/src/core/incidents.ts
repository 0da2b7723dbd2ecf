import type { Problem } from './problems.ts';

/** So long an observer waits for each one before it, in ms. */
export const turnMs = 5000;
/** After so long, in ms, it is asked again whether what another observer has taken on was sent. */
const recheckMs = 10_000;

/** Where the telling of an incident stands: to be done, being done, done by this observer or by another one. */
type Telling = 'due' | 'asked' | 'here' | 'elsewhere';

export type Incident = {
  readonly id: string;
  readonly problem: Problem;
  readonly telling: Telling;
  /** When that is to be done, or looked at again; on the observer's own clock. */
  readonly at: number;
  /** When it began, in ms since the epoch, for people and for reminders. */
  readonly since: number;
  /** Who has acknowledged it; `null`: nobody. */
  readonly ackedBy: string | null;
  /** How many reminders of it are behind. */
  readonly reminded: number;
  /** The problem is over: when that is to be told. `asked`: it is being done. */
  readonly closing: { readonly at: number; readonly asked: boolean } | null;
};

export type Incidents = ReadonlyMap<string, Incident>;

export type TellEvent = 'open' | 'closed';
/**
 * What the shell has to do: tell it, unless somebody else has; look whether the one who took it on has sent it; or remind people
 * of it.
 */
export type Order = {
  readonly kind: 'tell' | 'recheck' | 'remind';
  readonly event: TellEvent;
  readonly incident: Incident;
};

type Step = { readonly incidents: Incidents; readonly orders: readonly Order[] };

const minuteMs = 60_000;
/** So long after its beginning people are reminded of what nobody has acknowledged, and then every four hours. */
const remindersMs = [15 * minuteMs, 45 * minuteMs, 105 * minuteMs, 225 * minuteMs];
const laterEveryMs = 240 * minuteMs;

/** How many reminders are due of what has lasted for so long. Every observer comes to the same number. */
export const remindersBy = (ageMs: number): number => {
  const last = remindersMs.at(-1) ?? 0;
  return ageMs < last
    ? remindersMs.filter((ms) => ms <= ageMs).length
    : remindersMs.length + Math.floor((ageMs - last) / laterEveryMs);
};

/** What an observer's own deafness is: nobody else can tell it. */
const waits = ({ kind }: Problem, rank: number): number => (kind === 'deaf' ? 0 : rank * turnMs);

/**
 * One step: problems open incidents and their end closes them. What is told waits for those before this observer.
 *
 * @param isUndecided whether it cannot be told now if the problem of an incident is over: then nothing changes.
 * @param rank the place of this observer for a key.
 * @param wall in ms since the epoch.
 */
export const decideIncidents = (
  before: Incidents,
  problems: readonly Problem[],
  isUndecided: (problem: Problem) => boolean,
  rank: (key: string) => number,
  now: number,
  wall: number,
): Step => {
  const incidents = new Map(before);
  const orders: Order[] = [];
  const order = (incident: Incident, event: TellEvent, kind: Order['kind'] = 'tell') =>
    orders.push({ kind, event, incident });
  const put = (next: Incident) => incidents.set(next.problem.key, next);
  const current = new Map(problems.map((problem) => [problem.key, problem]));
  for (const [key, problem] of current)
    if (!before.has(key))
      put({
        ...{ id: problem.id, problem, telling: 'due', at: now + waits(problem, rank(key)), closing: null },
        ...{ since: wall, ackedBy: null, reminded: 0 },
      });
  for (const [key, incident] of [...incidents]) {
    const { telling, at, closing, problem } = incident;
    const isThere = current.has(key);
    if (telling === 'asked' || closing?.asked === true || (!isThere && isUndecided(problem))) continue;
    // It came back before its end was told: that end is told now, and what is there is a new incident.
    if (closing !== null ? isThere || now >= closing.at : false) {
      put({ ...incident, closing: { at: now, asked: true } });
      order(incident, 'closed');
    } else if (isThere && telling === 'due' && now >= at) {
      put({ ...incident, telling: 'asked' });
      order(incident, 'open');
    } else if (!isThere && telling === 'due') incidents.delete(key);
    else if (!isThere && closing === null)
      put({ ...incident, closing: { at: now + waits(problem, rank(key)), asked: false } });
    else if (isThere && telling === 'elsewhere' && now >= at) {
      put({ ...incident, at: now + recheckMs });
      order(incident, 'open', 'recheck');
    } else if (isThere && telling !== 'due' && remindersBy(wall - incident.since) > incident.reminded) {
      const next = { ...incident, reminded: remindersBy(wall - incident.since) };
      put(next);
      if (next.ackedBy === null) order(next, 'open', 'remind');
    }
  }
  return { incidents, orders };
};

/** How an attempt to tell ended: `id` is that of the incident that another observer has opened for the same. */
export type Told = {
  readonly where: 'here' | 'elsewhere' | 'failed';
  readonly id?: string;
  readonly isSent?: boolean;
  /** When what failed is tried again, in ms. */
  readonly afterMs?: number;
};

/** What follows from an order that was carried out. */
export const afterOrder = (
  before: Incidents,
  { kind, event, incident }: Order,
  told: Told,
  now: number,
): Incidents => {
  const { key } = incident.problem;
  const found = before.get(key);
  // What another one has taken on is looked at again in a while.
  if (found === undefined || kind === 'remind' || (kind === 'recheck' && told.where === 'failed'))
    return before;
  const incidents = new Map(before);
  const { afterMs: againMs = 1000 } = told;
  if (told.where === 'failed')
    // Nothing may be lost: it is tried again.
    incidents.set(key, {
      ...found,
      ...(event === 'open' ? { telling: 'due', at: now + againMs } : {}),
      closing: event === 'open' ? found.closing : { at: now + againMs, asked: false },
    });
  else if (event === 'closed') incidents.delete(key);
  else
    incidents.set(key, {
      ...found,
      id: told.id ?? found.id,
      telling: told.where,
      at: told.isSent === true ? Number.POSITIVE_INFINITY : now + recheckMs,
    });
  return incidents;
};
