import { expect, test } from 'vitest';
import { ageDrawing, box } from './age-drawing.ts';
import type { Series } from './age-series.ts';

const draw = (series: Series, maxAge: number | null = 100) => ageDrawing(series, maxAge, 0, 100_000);

test('time runs from left to right, and age from the bottom up', () => {
  const { line } = draw([
    [0, 50, 100],
    [0, 50, 0],
  ]);
  const [first, middle, last] = line
    .slice(1)
    .split('L')
    .map((point) => point.split(' ').map(Number));
  expect(first).toEqual([0, box]);
  expect(middle?.[0]).toBe(box / 2);
  expect(middle?.[1]).toBeLessThan(box);
  expect(last).toEqual([box, box]);
});

test('where nothing is known the line and the area break', () => {
  const { line, area } = draw([
    [0, 10, 20, 30],
    [0, null, 5, 6],
  ]);
  expect(line.match(/M/g)).toHaveLength(2);
  expect(area.match(/Z/g)).toHaveLength(2);
});

test('the deadline is always in the drawing, and so is an age beyond it', () => {
  expect(draw([[0], [1]]).deadline).toBeGreaterThan(0);
  const late = draw([[0], [5000]], 60);
  expect(late.deadline).toBeGreaterThan(0);
  expect(late.line).not.toContain('-');
});

test('without a deadline none is drawn', () => {
  expect(draw([[0], [1]], null).deadline).toBeNull();
});

test('the axis counts in lengths that people use, from 0', () => {
  expect(draw([[0], [1]], 300).marks.map(({ label }) => label)).toEqual(['0:00', '2:00', '4:00']);
});
