import { asArray, asBoolean, asInstant, asNumber, asRecord, asText, asTexts, type Json } from './json.ts';
import { asState, type State, type StripState, stripState } from './states.ts';
import { type Course, parseCourse } from './wire-course.ts';

/** One bot as the API describes it; instants are ms since the epoch, lengths are seconds. */
export type BotStatus = {
  readonly bot: string;
  readonly status: string;
  readonly state: State;
  readonly reason: string;
  readonly session: 'active' | 'inactive' | 'unknown';
  readonly uptimeSeconds: number;
  /** The bot says when it started; else its uptime counts from when the API first saw it. */
  readonly saysStart: boolean;
  readonly ageSeconds: number | null;
  readonly maxAgeSeconds: number | null;
  readonly nextDeadline: number | null;
  readonly restartsLeft: number | null;
  /** How far a restart would be safe, in the monitor's words; `null`: it says nothing. */
  readonly restartSafety: string | null;
  /** Where the supervision stands, as the monitor calls it. */
  readonly phase: string | null;
  /** `null`: no monitor lives, or it does not say. */
  readonly course: Course | null;
  /** Whether the API takes orders; one that does not say so may. */
  readonly takesOrders: boolean;
  readonly pausedUntil: number | null;
  /** When the bot's market opens again; `null` while it is open. */
  readonly closedUntil: number | null;
  readonly instance: string | null;
  readonly monitor: { readonly alive: boolean; readonly lastSeen: number | null };
  /** Why it does not trade, on purpose; `null`: it does not say so. */
  readonly halted: string | null;
  /** A person has halted it, by command. */
  readonly haltedByPerson: boolean;
  /** When that ends by itself; `null`: only by a person. */
  readonly haltedUntil: number | null;
  readonly needsPerson: string | null;
  /** What is at stake in one line; `undefined`: the bot does not say, `null`: nothing. */
  readonly atStake: string | null | undefined;
  /** When each feed last brought something. */
  readonly feeds: readonly (readonly [name: string, at: number])[];
  readonly expect: { readonly what: string; readonly by: number } | null;
  /** What else the bot says, which Sentinel does not know. */
  readonly others: readonly (readonly [key: string, value: string])[];
  /** What came of the last self-test of the channels; `null`: none is known of. */
  readonly selfTest: { readonly at: number; readonly good: boolean } | null;
  readonly warnings: readonly string[];
  /** Words by which people find it. */
  readonly tags: readonly string[];
};

export type LogItem = {
  readonly id: string;
  readonly bot: string | null;
  readonly at: number;
  readonly state: State;
  readonly status: string;
  readonly ageSeconds: number | null;
};

type IncidentAction = { readonly at: number; readonly kind: string; readonly text: string };

export type Incident = {
  readonly id: string;
  /** Its id for good, as alerts say it; `null`: the API is of an earlier version. */
  readonly incident: string | null;
  readonly bot: string | null;
  readonly startedAt: number;
  /** Since when the bot was not well. */
  readonly illSince: number;
  readonly endedAt: number | null;
  readonly state: State;
  readonly reason: string;
  readonly actions: readonly IncidentAction[];
};

type Share = {
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
  readonly percent: number | null;
};

export type Day = Share & { readonly date: string };

export type Segment = { readonly from: number; readonly to: number; readonly state: StripState };

export type Uptime = Share & {
  readonly from: number;
  readonly to: number;
  readonly days: readonly Day[];
  readonly segments: readonly Segment[];
};

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

const asId = (value: Json): string => (typeof value === 'number' ? String(value) : (asText(value) ?? ''));

/** Nothing that the API leaves out or garbles makes a bot look better: what cannot be read is unknown. */
export const parseStatus = (value: Json): BotStatus => {
  const of = asRecord(value);
  const monitor = asRecord(of.monitor);
  const testedAt = asInstant(asRecord(of.self_test).at);
  return {
    bot: asText(of.bot) ?? 'bot',
    status: asText(of.status) ?? '',
    state: asState(of.health),
    reason: asText(of.reason) ?? '',
    session: sessionOf(of),
    uptimeSeconds: asNumber(of.uptime) ?? 0,
    saysStart: of.uptime_from === 'start',
    ageSeconds: asNumber(of.age_seconds),
    maxAgeSeconds: asNumber(of.max_age_seconds),
    nextDeadline: asInstant(of.next_deadline),
    restartsLeft: asNumber(of.restarts_left),
    restartSafety: asText(of.restart_safety),
    phase: asText(of.phase),
    course: parseCourse(of.course),
    tags: asTexts(of.tags),
    takesOrders: of.takes_orders !== false,
    pausedUntil: asInstant(of.paused_until),
    closedUntil: asInstant(of.closed_until),
    instance: asText(of.instance),
    monitor: { alive: asBoolean(monitor.alive), lastSeen: asInstant(monitor.last_seen) },
    ...parseSaid(of),
    selfTest: testedAt === null ? null : { at: testedAt, good: asBoolean(asRecord(of.self_test).good) },
    warnings: asArray(of.warnings).flatMap((each) => asText(each) ?? asText(asRecord(each).text) ?? []),
  };
};

/** What is said under each key; what cannot be read is left out. */
const entriesOf = <T>(value: Json, read: (each: Json) => T | null): readonly (readonly [string, T])[] =>
  Object.entries(asRecord(value)).flatMap(([key, each]) => {
    const found = read(each);
    return found === null ? [] : [[key, found] as const];
  });

const parseSaid = (
  of: Readonly<Record<string, Json>>,
): Pick<
  BotStatus,
  'halted' | 'haltedByPerson' | 'haltedUntil' | 'needsPerson' | 'atStake' | 'feeds' | 'expect' | 'others'
> => {
  const expect = asRecord(of.expect);
  const [what, by] = [asText(expect.what), asInstant(expect.by)];
  return {
    halted: asText(of.halted),
    haltedByPerson: asBoolean(of.halted_by_person),
    haltedUntil: asInstant(of.halted_until),
    needsPerson: asText(of.needs_person),
    atStake:
      asText(asRecord(of.exposure).text) ??
      (Object.keys(asRecord(of.exposure)).length > 0 ? null : undefined),
    feeds: entriesOf(of.feeds, asInstant),
    expect: what === null || by === null ? null : { what, by },
    others: entriesOf(of.others, asText),
  };
};

/** `session` says what holds now; an API that lacks it only repeats what the last beat said. */
const sessionOf = (of: Readonly<Record<string, Json>>): BotStatus['session'] => {
  const { session } = of;
  if (session === 'active' || session === 'inactive' || session === 'unknown') return session;
  return asBoolean(of.session_active) ? 'active' : 'inactive';
};

export const parseLogItem = (value: Json): LogItem => {
  const of = asRecord(value);
  return {
    id: asId(of.id),
    bot: asText(of.bot),
    at: asInstant(of.at) ?? 0,
    state: asState(of.state),
    status: asText(of.status) ?? '',
    ageSeconds: asNumber(of.age_seconds),
  };
};

export const parseIncident = (value: Json): Incident => {
  const of = asRecord(value);
  return {
    id: asId(of.id),
    incident: asText(of.incident),
    bot: asText(of.bot),
    startedAt: asInstant(of.started_at) ?? 0,
    illSince: asInstant(of.ill_since) ?? asInstant(of.started_at) ?? 0,
    endedAt: asInstant(of.ended_at),
    state: asState(of.state),
    reason: asText(of.reason) ?? '',
    actions: asArray(of.actions)
      .map(asRecord)
      .map(({ at, kind, text }) => ({
        at: asInstant(at) ?? 0,
        kind: asText(kind) ?? '',
        text: asText(text) ?? '',
      })),
  };
};

const seconds = (value: Json) => asNumber(value) ?? 0;
const shareOf = (of: Readonly<Record<string, Json>>): Share => ({
  up: seconds(of.up_seconds),
  down: seconds(of.down_seconds),
  unknown: seconds(of.unknown_seconds),
  percent: asNumber(of.uptime_percent),
});

export const parseUptime = (value: Json): Uptime => {
  const of = asRecord(value);
  return {
    from: asInstant(of.from) ?? 0,
    to: asInstant(of.to) ?? 0,
    ...shareOf(of),
    days: asArray(of.days)
      .map(asRecord)
      .map((day) => ({ date: asText(day.date) ?? '', ...shareOf(day) })),
    segments: asArray(of.segments).flatMap((each) => {
      const segment = asRecord(each);
      const from = asInstant(segment.from);
      const to = asInstant(segment.to);
      return from === null || to === null ? [] : { from, to, state: stripState(segment.state) };
    }),
  };
};

export const parsePage = <Item>(value: Json, parse: (item: Json) => Item): Page<Item> => {
  const of = asRecord(value);
  const next = of.next_cursor;
  return {
    items: asArray(of.items).map(parse),
    next: next === null || next === undefined ? null : asId(next),
  };
};

/** Why an answer of the journal is incomplete: then what it lacks may be there all the same. */
export const parseWarnings = (value: Json): readonly string[] => asTexts(asRecord(value).warnings);

export const parseBots = (value: Json): readonly BotStatus[] =>
  asArray(asRecord(value).bots).map(parseStatus);
