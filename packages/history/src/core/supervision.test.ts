import { expect, test } from 'vitest';
import { parseSupervision } from './supervision.ts';

const never = () => undefined;

const written = { monitor: 'm', restartsLeft: 3, pausedUntil: null };

test.each([
  ['nothing', undefined],
  ['a text', 'text'],
  ['a list', []],
  ['without what is always said', { monitor: 'm' }],
  ['no numbers', { ...written, restartsLeft: 'three' }],
  ['an age below nothing', { ...written, maxAgeMs: -1 }],
  ['a closure that is none', { ...written, closure: { from: 'for ever' } }],
])('what no monitor of ours writes says nothing of one: %s', (_what, value) => {
  expect(parseSupervision(value, never)).toBeNull();
});

test('of what an earlier monitor did not say nothing is known', () => {
  expect(parseSupervision(written, never)).toEqual({
    ...written,
    phase: null,
    halted: null,
    haltedUntil: null,
    format: null,
    maxAgeMs: null,
    maxStallMs: null,
    maxFeedAgeMs: null,
    closure: null,
    course: null,
    aheadMs: null,
    behindMs: null,
    custody: null,
    seenAt: null,
    ended: false,
    letGoAt: null,
  });
});

test('a bot that was let go keeps what was asked of it, and no monitor watches it since then', () => {
  const row = parseSupervision({ ...written, maxAgeMs: 6000, letGoAt: 7 }, () => 9);
  expect(row).toMatchObject({ maxAgeMs: 6000, seenAt: 7, ended: true, letGoAt: 7 });
});

test('a monitor has ended when its last word was its end', () => {
  const at = (ended: number) => (_monitor: string, what: 'alive' | 'ended') => (what === 'alive' ? 9 : ended);
  expect(parseSupervision(written, at(9))).toMatchObject({ seenAt: 9, ended: true });
  expect(parseSupervision(written, at(8))).toMatchObject({ seenAt: 9, ended: false });
});

test('a monitor of the first versions wrote beside the rest that it lives', () => {
  const row = parseSupervision({ restartsLeft: 3, pausedUntil: null, seenAt: 4 }, never);
  expect(row).toMatchObject({ seenAt: 4, ended: false, restartsLeft: 3 });
});
