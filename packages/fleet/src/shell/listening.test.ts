import { expect, test } from 'vitest';
import { defaultFleetPolicy as policy } from '../core/hearing.ts';
import { createListening } from './listening.ts';

const log = { info: () => {}, warn: () => {} };

test('an observer that was frozen judges nobody by that time, and is not deaf when it wakes', () => {
  let canaryAt = 0;
  const listening = createListening(() => [{ server: 's1', canaryAt }], {
    policy,
    everyMs: 200,
    begun: 0,
    log,
  });
  for (let at = 200; at <= 2000; at += 200) {
    canaryAt = at;
    expect(listening.turn(at).kind).toBe('hears');
  }
  expect(listening.turn(32_000)).toMatchObject({ kind: 'deaf', why: 'late' });
  expect(listening.turn(32_200).kind, 'its own message is on the way').toBe('hears');
  expect(listening.since()).toBe(32_200);
  for (let at = 32_400; at <= 35_000; at += 200) listening.turn(at);
  expect(listening.turn(35_200), 'and it does not come').toMatchObject({ kind: 'deaf', why: 'no-server' });
  expect(listening.since()).toBe(Number.POSITIVE_INFINITY);
});
