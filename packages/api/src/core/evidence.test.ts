import {
  defaultHealthPolicy,
  type Evidence,
  marketOfClosure,
  parseStatusFile,
} from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { askedPolicy, withCalled } from './evidence.ts';

test('what the API was told outranks its monitor, and that the defaults', () => {
  const market = marketOfClosure(null);
  expect(askedPolicy({}, { market })).toEqual(defaultHealthPolicy);
  expect(askedPolicy({}, { maxAgeMs: 7, maxStallMs: 8, market })).toMatchObject({
    maxAgeMs: 7,
    maxStallMs: 8,
  });
  expect(askedPolicy({ maxAgeMs: 9 }, { maxAgeMs: 7, maxStallMs: 8, market })).toMatchObject({
    maxAgeMs: 9,
    maxStallMs: 8,
  });
});

const reading = parseStatusFile('✅ On\n2026-03-01T12:00:00Z\n{"session_active": true, "progress": 1}');
const beatAt = Date.parse('2026-03-01T12:00:00Z');
const seen: Evidence = { unchangedMs: 0, stalledMs: 0, exact: false };
const calledStuck = { state: 'stuck', at: beatAt } as const;

test('a monitor that calls the bot stuck is believed until progress was seen to move', () => {
  expect(withCalled(seen, calledStuck, { reading, moved: false }, beatAt + 5)).toEqual({
    ...seen,
    stuckForMs: 5,
  });
  expect(withCalled(seen, calledStuck, { reading, moved: true }, beatAt + 5)).toEqual(seen);
  expect(withCalled(seen, null, { reading, moved: false }, beatAt + 5)).toEqual(seen);
  expect(withCalled(null, calledStuck, { reading, moved: false }, beatAt + 5)).toBeNull();
});

test('that the process is gone is believed until a beat comes that is newer than the word of the monitor', () => {
  const calledDown = (at: number) =>
    withCalled(seen, { state: 'down', at }, { reading, moved: true }, beatAt + 5)?.gone;
  expect(calledDown(beatAt)).toEqual({ pid: null, exitCode: null });
  expect(calledDown(beatAt - 1)).toBeUndefined();
});
