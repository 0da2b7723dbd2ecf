import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createRounds } from './rounds.ts';

const work = (ms: number) => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

test('all that waits is done in its order, and what else waits gets its turn before the last of it', async () => {
  const rounds = createRounds();
  const done: number[] = [];
  for (let number = 0; number < 20; number += 1)
    rounds.add(() => {
      work(8);
      done.push(number);
    });
  await turn();
  await turn();
  expect(done.length).toBeGreaterThan(0);
  expect(done.length).toBeLessThan(20);
  while (done.length < 20) await turn();
  expect(done).toEqual([...done].sort((one, other) => one - other));
});
