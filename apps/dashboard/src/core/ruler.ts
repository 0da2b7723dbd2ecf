import { stepOf } from './steps.ts';

/** The ruler under the status: how much of the time until the deadline has gone. Positions are shares from 0 to 1. */
type Ruler = {
  readonly filled: number;
  readonly deadline: number;
  /** A tick at each full step of time. */
  readonly ticks: readonly number[];
};

/**
 * A scale from 0 to `maxAge` seconds with room behind the deadline. An overdue age runs past the mark and stays at
 * the end of the scale.
 */
export const ruler = (age: number, maxAge: number): Ruler => {
  const deadline = 0.86;
  const scale = (seconds: number) => (seconds / maxAge) * deadline;
  const step = stepOf(maxAge, 10);
  const ticks = [];
  for (let at = 0; at <= maxAge * (1 - 1e-9); at += step) ticks.push(scale(at));
  return { filled: Math.min(1, Math.max(0, scale(age))), deadline, ticks };
};
