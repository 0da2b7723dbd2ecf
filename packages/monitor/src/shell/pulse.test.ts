import { expect, test } from 'vitest';
import { startPulse } from './pulse.ts';

/** A process whose time is told: what fires is due at the end of each piece. */
const processOf = () => {
  let [now, used] = [1_000_000, 0];
  let due: { at: number; run: () => void } | null = null;
  const pulse = startPulse({
    now: () => now,
    wall: () => now,
    usedMs: () => used,
    heard: async () => {},
    after: (ms, run) => {
      due = { at: now + ms, run };
      return () => {
        due = null;
      };
    },
  });
  /** Time passes, of which so much is work, before any timer fires. */
  const pass = (ms: number, work = 0) => {
    now += ms;
    used += work;
    const { frozenMs, lateBy } = { frozenMs: pulse.frozenMs(), lateBy: pulse.lateBy(now - ms) };
    if (due !== null && due.at <= now) due.run();
    return { frozenMs, isLate: lateBy > 0 };
  };
  return { pulse, pass, now: () => now };
};

test('time in which the process did not run is a standstill, also just behind it', () => {
  const { pass, pulse } = processOf();
  expect(pass(30_000)).toEqual({ frozenMs: 26_500, isLate: true });
  expect(pulse.frozenMs()).toBe(26_500);
  pass(2000);
  expect(pulse.frozenMs()).toBe(0);
});

test('time in which it worked is none, however long it was', () => {
  const { pass } = processOf();
  expect(pass(30_000, 29_000)).toEqual({ frozenMs: 0, isLate: false });
  expect(pass(30_000, 10_000)).toEqual({ frozenMs: 16_500, isLate: true });
});

test('a look that is late while the pulses were on time is late for another reason', () => {
  const { pass, pulse, now } = processOf();
  const due = now();
  for (let second = 0; second < 30; second += 2) pass(2000);
  expect(pulse.lateBy(due)).toBeLessThanOrEqual(0);
});

test('a long piece of work of its own is no standstill, also where others had the processor', () => {
  const { pulse, pass } = processOf();
  const before = pass(1000);
  expect(before.isLate).toBe(false);
  pulse.worked();
  expect(pulse.frozenMs()).toBe(0);
});
