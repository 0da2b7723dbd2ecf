import { healthStates, isHealthState } from '@sentinel/heartbeat-core/browser';
import { shortMoment } from './clock.ts';
import { isDown, looks, type StripState } from './states.ts';
import type { Day, Segment, Uptime } from './wire.ts';
import { duration, percent } from './words.ts';

/** A stretch of the strip: `x` and `width` are shares of the whole, from 0 to 1. */
type Stretch = {
  readonly x: number;
  readonly width: number;
  readonly state: StripState;
  readonly label: string;
};

const hourMs = 3_600_000;

/** How much of the past the strip shows. */
export const ranges = {
  '1 h': hourMs,
  '6 h': 6 * hourMs,
  '24 h': 24 * hourMs,
  '7 d': 168 * hourMs,
  '30 d': 720 * hourMs,
  '90 d': 2160 * hourMs,
} as const;
export type Range = keyof typeof ranges;

/** Whether a range is longer than what the strip loads by itself: its states may be those of parts of a day. */
export const isLong = (range: Range): boolean => ranges[range] > ranges['7 d'];

/** A bot that was first seen minutes ago has a strip that can be read. */
const shortestMs = 10 * 60_000;

/** Whether anything is known of the time before a shorter one. */
export const isKnownBefore = (long: Uptime | null, short: Uptime | null): boolean =>
  long !== null && short !== null && long.up + long.down > short.up + short.down + 60;

/**
 * Where the strip begins: with the range, or where knowledge begins.
 *
 * @param isKnownBefore something is known of the time before these segments.
 */
export const stripStart = (
  segments: readonly Segment[],
  now: number,
  rangeMs: number,
  isKnownBefore: boolean,
): number => {
  const first = segments.find(({ state }) => state !== 'unwatched')?.from;
  const from = now - rangeMs;
  return isKnownBefore || first === undefined ? from : Math.max(from, Math.min(first, now - shortestMs));
};

/**
 * The time from `from` up to `now` as stretches that leave no hole: time that no segment covers was not watched.
 * `current` prolongs the last segment from the moment of loading to now, as long as the API is heard to say so.
 */
export const strip = (
  segments: readonly Segment[],
  from: number,
  now: number,
  current: { readonly state: StripState; readonly upTo: number } | null,
): readonly Stretch[] => {
  const length = now - from;
  const end = segments.at(-1)?.to ?? from;
  const known =
    current === null || current.upTo <= end
      ? segments
      : [...segments, { from: Math.max(end, from), to: Math.min(now, current.upTo), state: current.state }];
  const stretches: Stretch[] = [];
  const add = (start: number, to: number, state: StripState) => {
    if (to <= start) return;
    const label = `${shortMoment(start, now)} to ${shortMoment(to, now)}: ${looks[state].word}, ${duration((to - start) / 1000)}`;
    stretches.push({ x: (start - from) / length, width: (to - start) / length, state, label });
  };
  let at = from;
  for (const run of joined(known)) {
    const start = Math.max(run.from, at);
    const to = Math.min(run.to, now);
    if (to <= start) continue;
    add(at, start, 'unwatched');
    add(start, to, run.state);
    at = to;
  }
  add(at, now, 'unwatched');
  return stretches;
};

const joined = (segments: readonly Segment[]): readonly Segment[] => {
  const runs: Segment[] = [];
  for (const segment of segments) {
    const last = runs.at(-1);
    if (last !== undefined && last.state === segment.state && segment.from - last.to < 1000)
      runs[runs.length - 1] = { ...last, to: segment.to };
    else runs.push(segment);
  }
  return runs;
};

/** How a long range was spent: by its days, since a part of a day has the worst of its states. */
export const uptimeOfDays = (days: readonly Day[], range: Range) =>
  sumOf(days.slice(-Math.round(ranges[range] / (24 * hourMs))));

/** How the time of a strip was spent, in seconds. */
export const uptimeOfStrip = (
  stretches: readonly Stretch[],
  lengthMs: number,
): Pick<Uptime, 'percent' | 'down' | 'unknown'> => {
  const spent = (counts: (state: StripState) => boolean) =>
    stretches.reduce((sum, { width, state }) => (counts(state) ? sum + (width * lengthMs) / 1000 : sum), 0);
  const up = spent((state) => isHealthState(state) && healthStates[state].up);
  const down = spent(isDown);
  const percent = up + down < 1 ? null : (up / (up + down)) * 100;
  return { percent, down, unknown: lengthMs / 1000 - up - down };
};

/** One line for all of it: `99.2 % up, 3 min down, 2 h not known`. */
export const uptimeWords = (uptime: Pick<Uptime, 'percent' | 'down' | 'unknown'>): string => {
  if (uptime.percent === null) return 'nothing watched yet';
  const down = uptime.down >= 1 ? `, ${duration(uptime.down)} down` : '';
  const unknown = uptime.unknown >= 60 ? `, ${duration(uptime.unknown)} not known` : '';
  return `${percent(uptime.percent)} up${down}${unknown}`;
};

/** Several days as one time. */
export const sumOf = (days: readonly Day[]): Pick<Uptime, 'percent' | 'down' | 'unknown'> => {
  const sum = (part: 'up' | 'down' | 'unknown') => days.reduce((all, day) => all + day[part], 0);
  const [up, down] = [sum('up'), sum('down')];
  return { percent: up + down === 0 ? null : (up / (up + down)) * 100, down, unknown: sum('unknown') };
};

/** A day as a bar of height 1, from the bottom: up, then down, then what nobody saw. */
type DayBar = {
  readonly date: string;
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
};

export const dayBar = ({ date, up, down, unknown }: Day): DayBar => {
  const all = up + down + unknown;
  if (all <= 0 || up + down <= 0) return { date, up: 0, down: 0, unknown: 1 };
  // A minute of outage in a day would be less than a pixel: what happened must be seen to have happened.
  const seen = down > 0 ? Math.max(down / all, 0.08) : 0;
  const gap = Math.min(unknown / all, 1 - seen);
  return { date, up: Math.max(0, 1 - seen - gap), down: seen, unknown: gap };
};
