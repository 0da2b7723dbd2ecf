import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { giveBackMemory } from './give-back.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] }));
afterEach(() => void vi.useRealTimers());

test('what only the start needed is given back a minute after it', () => {
  giveBackMemory();
  // Rubbish of which V8 keeps the room until it is asked.
  let rubbish: unknown[] | null = Array.from({ length: 500_000 }, (_, index) => ({ index }));
  expect(rubbish).toHaveLength(500_000);
  rubbish = null;
  const before = process.memoryUsage().heapTotal;
  vi.advanceTimersByTime(60_000);
  expect(process.memoryUsage().heapTotal).toBeLessThan(before - 10_000_000);
});

test('a process with no descriptor left, whose system cannot say how much it uses, goes on', () => {
  const noDescriptor = Object.assign(new Error('EMFILE: too many open files, uv_resident_set_memory'), {
    errno: -24,
    code: 'EMFILE',
  });
  const asked = vi.spyOn(process.memoryUsage, 'rss').mockImplementation(() => {
    throw noDescriptor;
  });
  giveBackMemory();
  vi.advanceTimersByTime(3_600_000);
  expect(asked).toHaveBeenCalledTimes(6);
  asked.mockRestore();
});
