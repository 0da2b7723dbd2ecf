import type { Series } from './age-series.ts';
import { stepOf } from './steps.ts';
import { onAxis } from './words.ts';

/** An age on the axis: `y` is a share of the height, from the top. */
export type AgeMark = { readonly y: number; readonly label: string };

export type AgeDrawing = {
  /** The line, and the area below it, as SVG paths in a box of `box` x `box`. */
  readonly line: string;
  readonly area: string;
  readonly marks: readonly AgeMark[];
  /** Where the bot counts as stale; `null` when that is not known. */
  readonly deadline: number | null;
};

/** The side of the box of the paths. */
export const box = 1000;

/** A series as what is drawn of it. `from` and `to` in ms, `maxAge` in seconds. */
export const ageDrawing = (series: Series, maxAge: number | null, from: number, to: number): AgeDrawing => {
  const known = series[1].filter((age) => age !== null);
  const top = Math.max(1, maxAge ?? 0, ...known) * 1.15;
  const y = (age: number) => 1 - age / top;
  const step = stepOf(top, 4);
  const marks = [];
  for (let age = 0; age < top; age += step) marks.push({ y: y(age), label: onAxis(age) });
  const runs = runsOf(
    series,
    (at) => ((at * 1000 - from) / (to - from)) * box,
    (age) => y(age) * box,
  );
  return {
    line: runs.map(pathOf).join(''),
    area: runs.map((run) => `${pathOf(run)}V${box}H${run[0]?.[0]}Z`).join(''),
    marks,
    deadline: maxAge === null ? null : y(maxAge),
  };
};

type Point = readonly [x: number, y: number];

/** The points between one break of the line and the next. */
const runsOf = (
  [times, ages]: Series,
  x: (at: number) => number,
  y: (age: number) => number,
): readonly (readonly Point[])[] => {
  const runs: Point[][] = [[]];
  for (const [index, at] of times.entries()) {
    const age = ages[index] ?? null;
    if (age === null) runs.push([]);
    else runs.at(-1)?.push([round(x(at)), round(y(age))]);
  }
  return runs.filter(({ length }) => length > 0);
};

const round = (value: number) => Math.round(value * 10) / 10;

const pathOf = (points: readonly Point[]): string => `M${points.map(([x, y]) => `${x} ${y}`).join('L')}`;
