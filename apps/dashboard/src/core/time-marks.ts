import { dayOf, hourMinute, hourOf, minuteOf } from './clock.ts';
import { stepOf } from './steps.ts';

/** A moment on an axis: `x` is a share of the whole, from 0 to 1. */
export type TimeMark = { readonly x: number; readonly label: string };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Full minutes, hours or days between two moments in ms, about `most` of them. Hours and days are those of the reader's zone. */
export const timeMarks = (from: number, to: number, most: number): readonly TimeMark[] => {
  const step = Math.max(minuteMs, stepOf((to - from) / 1000, most) * 1000);
  const stride = Math.min(step, hourMs);
  const hours = Math.min(24, step / hourMs);
  const found: number[] = [];
  for (let at = fullAfter(from, stride); at < to; at += stride)
    if (hours < 1 || hourOf(at) % hours === 0) found.push(at);
  const every = Math.max(1, Math.round(step / dayMs));
  return found
    .filter((_, index) => index % every === 0)
    .map((at) => ({ x: (at - from) / (to - from), label: hours === 24 ? dayOf(at) : hourMinute(at) }));
};

/** The next full stride, counted from the full hour of the reader's zone. */
const fullAfter = (at: number, stride: number): number => {
  const hour = at - minuteOf(at) * minuteMs - (at % minuteMs);
  return hour + Math.ceil((at - hour) / stride) * stride;
};
