import { hourMinute } from './clock.ts';
import { looks, type StripState } from './states.ts';
import type { Day, Segment, Uptime } from './wire.ts';
import { duration, percent } from './words.ts';

/** A stretch of the strip: `x` and `width` are shares of the whole, from 0 to 1. */
type Stretch = {
  readonly x: number;
  readonly width: number;
  readonly state: StripState;
  readonly label: string;
};

const dayMs = 24 * 3_600_000;

/**
 * The last 24 hours up to `now` as stretches that leave no hole: time that no segment covers was not watched.
 * `current` prolongs the last segment from the moment of loading to now, as long as the API is heard to say so.
 */
export const strip = (
  segments: readonly Segment[],
  now: number,
  current: { readonly state: StripState; readonly upTo: number } | null,
): readonly Stretch[] => {
  const from = now - dayMs;
  const end = segments.at(-1)?.to ?? from;
  const known =
    current === null || current.upTo <= end
      ? segments
      : [...segments, { from: Math.max(end, from), to: Math.min(now, current.upTo), state: current.state }];
  const stretches: Stretch[] = [];
  const add = (start: number, to: number, state: StripState) => {
    if (to <= start) return;
    const label = `${hourMinute(start)} to ${hourMinute(to)}: ${looks[state].word}, ${duration((to - start) / 1000)}`;
    stretches.push({ x: (start - from) / dayMs, width: (to - start) / dayMs, state, label });
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

/** Full hours inside the last 24, each third one named: `{ x, label }`. */
export const hourMarks = (now: number): readonly { readonly x: number; readonly label: string }[] => {
  const marks: { x: number; label: string }[] = [];
  const first = new Date(now - dayMs);
  first.setMinutes(60, 0, 0);
  for (let at = first.getTime(); at < now; at += 3_600_000)
    if (new Date(at).getHours() % 3 === 0) marks.push({ x: 1 - (now - at) / dayMs, label: hourMinute(at) });
  return marks;
};

/** One line for all of it: `99.2 % up, 3 min down, 2 h not known`. */
export const uptimeWords = (uptime: Pick<Uptime, 'percent' | 'down' | 'unknown'>): string => {
  if (uptime.percent === null) return 'nothing watched yet';
  const down = uptime.down >= 1 ? `, ${duration(uptime.down)} down` : '';
  const unknown = uptime.unknown >= 60 ? `, ${duration(uptime.unknown)} not known` : '';
  return `${percent(uptime.percent)} up${down}${unknown}`;
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
