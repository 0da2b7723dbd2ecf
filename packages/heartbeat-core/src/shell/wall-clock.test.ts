import { expect, test } from 'vitest';
import { createWallClock } from './wall-clock.ts';

test('the fine clock fills in the digits below the millisecond, and the wall clock leads', () => {
  let wall = 1000;
  let fine = 5.25;
  const clock = createWallClock(
    () => wall,
    () => fine,
  );
  expect(clock()).toBe(1000);
  fine += 0.4;
  expect(clock()).toBeCloseTo(1000.4, 6);
  fine += 0.35;
  expect(clock()).toBeCloseTo(1000.75, 6);
  // Set forward by an hour, and back by a day: at once.
  for (const jump of [3_600_000, -86_400_000]) {
    wall += jump;
    expect(Math.floor(clock())).toBe(wall);
    fine += 0.1;
    expect(clock()).toBeCloseTo(wall + 0.1, 6);
  }
});

test('whatever the two clocks say, the whole milliseconds are those of the wall clock', () => {
  let wall = 0;
  let fine = 0;
  const clock = createWallClock(
    () => wall,
    () => fine,
  );
  for (let n = 0; n < 1000; n += 1) {
    wall += (n * 7919) % 23;
    fine += ((n * 104_729) % 1999) / 1000;
    expect(Math.floor(clock())).toBe(wall);
  }
});
