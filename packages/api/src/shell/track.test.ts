import { parseStatusFile } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { unsupervised } from '../core/supervision.ts';
import { createTrack } from './track.ts';

const start = Date.UTC(2026, 0, 5, 12);
const beat = (ms: number) =>
  parseStatusFile(`✅ On\n${new Date(start + ms).toISOString()}\n{"session_active": true}\n`);

test('a beat that is dated well before the last look, at which it was not there, is a copy and not healthy', () => {
  let ms = 0;
  const clock = { now: () => start + ms, monotonic: () => ms };
  const bot = { name: 'alpha', file: 'status.txt', policy: { maxAgeMs: 60_000 } };
  const track = createTrack(bot, clock, () => unsupervised, beat(0));
  const at = (now: number, dated: number) => {
    ms = now;
    track.take(beat(dated));
    return track.judged().health.state;
  };
  expect(at(5000, 5000)).toBe('healthy');
  expect(at(200_000, 5000)).toBe('stale');
  expect(at(205_000, 7000), 'put back').toBe('stale');
  expect(at(210_000, 210_000), 'it beats again').toBe('healthy');
});
