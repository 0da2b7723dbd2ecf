import type { BotView } from './bot-view.ts';
import type { Sample } from './model.ts';
import { isDown } from './states.ts';
import type { LogItem } from './wire.ts';

/** Two columns as the plot takes them: instants in seconds, ages in seconds; `null` breaks the line. */
export type Series = readonly [readonly number[], readonly (number | null)[]];

export const sampleOfItem = ({ at, ageSeconds, state }: LogItem): Sample => ({
  at,
  ageSeconds,
  down: isDown(state),
});

/** The age at this moment: a bot that is silent sends nothing, and its line climbs all the same. */
export const sampleNow = ({ age, face, overdue }: BotView, now: number): readonly Sample[] =>
  age === null || face === 'lost' || face === 'waiting'
    ? []
    : [{ at: now, ageSeconds: age, down: overdue || isDown(face) }];

/** The API tells ages in whole seconds: beats closer than this may be one and the same. */
const roundingMs = 1100;

/**
 * The age of the beat over time, between `from` and `now` in ms. Age rises by a second each second and falls when
 * a beat arrives. Beats that change nothing are not journaled, so an age that would pass `maxAge` without a word
 * of being down was cut short by beats nobody wrote down: the line breaks there and claims nothing.
 */
export const ageSeries = (
  samples: readonly Sample[],
  maxAge: number | null,
  from: number,
  now: number,
): Series => {
  const times: number[] = [];
  const ages: (number | null)[] = [];
  const add = (at: number, age: number | null) => {
    if (at < from || at > now) return;
    times.push(at / 1000);
    ages.push(age === null ? null : Math.max(0, age));
  };
  let before: { at: number; beat: number; down: boolean } | null = null;
  for (const sample of [...samples].sort((one, other) => one.at - other.at)) {
    if (sample.ageSeconds === null) {
      add(sample.at, null);
      before = null;
      continue;
    }
    const beat = sample.at - sample.ageSeconds * 1000;
    if (before !== null && beat > before.beat + roundingMs) {
      const peak = (beat - before.beat) / 1000;
      if (maxAge !== null && peak > maxAge && !before.down) add(before.at + 1, null);
      else add(beat - 1, peak);
      add(beat, 0);
    }
    add(sample.at, sample.ageSeconds);
    before = { at: sample.at, beat, down: sample.down };
  }
  return [times, ages];
};

/** The highest age of the plot in whole seconds; `null` when no age is known. */
export const topOf = ([, ages]: Series): number | null => {
  const known = ages.filter((age) => age !== null);
  return known.length === 0 ? null : Math.round(Math.max(...known));
};

/** The plot in words, for who cannot see it. @param length of the time that it shows, like `1 h`. */
export const seriesWords = (series: Series, maxAge: number | null, length: string): string => {
  const top = topOf(series);
  if (top === null) return `No beats recorded in the last ${length}`;
  return `Age of the beat in the last ${length}: at most ${top} seconds${maxAge === null ? '' : `, ${maxAge} allowed`}`;
};
