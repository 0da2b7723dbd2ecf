import { afterEach, expect, test } from 'vitest';
import { showIn } from './clock.ts';
import { timeMarks } from './time-marks.ts';

const at = (text: string) => Date.parse(`2026-11-22T${text}Z`);
const day = 86_400_000;
const labels = (from: number, to: number, most: number) =>
  timeMarks(from, to, most).map(({ label }) => label);

afterEach(() => showIn('local'));

test('an hour has marks at full ten minutes, half a day at full hours', () => {
  showIn('UTC');
  expect(labels(at('14:07:30'), at('15:07:30'), 6)).toEqual([
    '14:10',
    '14:20',
    '14:30',
    '14:40',
    '14:50',
    '15:00',
  ]);
  expect(labels(at('02:20:00'), at('14:20:00'), 4)).toEqual(['03:00', '06:00', '09:00', '12:00']);
});

test('a mark lies where its moment is', () => {
  showIn('UTC');
  expect(timeMarks(at('14:00:00'), at('15:00:00'), 6)[3]).toEqual({ x: 0.5, label: '14:30' });
});

test('a week has its days, a month some of them', () => {
  showIn('UTC');
  expect(labels(at('12:00:00') - 3 * day, at('12:00:00'), 3)).toEqual(['20 Nov', '21 Nov', '22 Nov']);
  expect(labels(at('12:00:00') - 30 * day, at('12:00:00'), 8)).toHaveLength(6);
});

test('less than a minute has at most the full minute', () => {
  showIn('UTC');
  expect(labels(at('14:00:30'), at('14:00:50'), 6)).toEqual([]);
});
