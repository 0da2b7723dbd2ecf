import { expect, test } from 'vitest';
import { after, heard, start } from '../../test/fixtures/facts.ts';
import { ageSeries, sampleNow, seriesWords } from './age-series.ts';
import { botView } from './bot-view.ts';

const sample = (at: number, ageSeconds: number | null, down = false) => ({ at: at * 1000, ageSeconds, down });
const series = (...samples: ReturnType<typeof sample>[]) => ageSeries(samples, 300, 0, 10_000_000);
const points = ([times, ages]: ReturnType<typeof series>) =>
  times.map((at, index) => [Math.round(at), ages[index]]);

test('age rises until a beat, and falls to nothing with it', () => {
  expect(points(series(sample(100, 0), sample(130, 0)))).toEqual([
    [100, 0],
    [130, 30],
    [130, 0],
    [130, 0],
  ]);
});

test('a bot that is down climbs past its deadline', () => {
  expect(points(series(sample(100, 0), sample(401, 301, true), sample(700, 0)))).toContainEqual([700, 600]);
});

test('beats that nobody wrote down break the line: it claims no outage that was none', () => {
  const [, ages] = series(sample(100, 0), sample(1000, 0));
  expect(ages).toEqual([0, null, 0, 0]);
});

test('ages in whole seconds are not taken for beats', () => {
  expect(points(series(sample(100.9, 0), sample(110.1, 9)))).toEqual([
    [101, 0],
    [110, 9],
  ]);
});

test('without a beat there is no age', () => {
  expect(series(sample(100, null))[1]).toEqual([null]);
});

test('a silent bot climbs with every second, a lost connection claims nothing', () => {
  const now = after(600);
  const silent = botView(heard({ state: 'stale' }), { kind: 'live', heard: now }, now);
  expect(sampleNow(silent, now.wall)).toEqual([{ at: now.wall, ageSeconds: 610, down: true }]);
  const lost = botView(heard(), { kind: 'lost', heard: start, why: '' }, now);
  expect(sampleNow(lost, now.wall)).toEqual([]);
});

test('only what lies in the window is drawn', () => {
  expect(ageSeries([sample(1, 0), sample(50, 0)], 300, 20_000, 60_000)[0].every((at) => at >= 20)).toBe(true);
});

test('in words', () => {
  expect(seriesWords([[1], [30.4]], 300, '1 h')).toBe(
    'Age of the beat in the last 1 h: at most 30 seconds, 300 allowed',
  );
  expect(seriesWords([[1], [null]], 300, '1 h')).toBe('No beats recorded in the last 1 h');
});
