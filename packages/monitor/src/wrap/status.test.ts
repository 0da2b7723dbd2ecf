import { expect, test } from 'vitest';
import { endStatus, exitCodeOf, lastLineOf, quietStatus, runsStatus, toldBy } from './status.ts';

test('the last line that is not empty is the status, however it comes', () => {
  let lines = { last: '', open: '' };
  const shown = ['one\ntw', 'o\n', '\n  \n', 'three', '\r\nfour\r'].map((piece) => {
    lines = lastLineOf(lines, piece);
    return lines.last;
  });
  expect(shown).toEqual(['tw', 'two', 'two', 'three', 'four']);
  lines = lastLineOf(lines, 'x'.repeat(100_000));
  expect(lines.open.length).toBeLessThan(1000);
});

test('the words of a status', () => {
  expect(runsStatus({ name: 'alpha', lastLine: ' \u0007' })).toBe('✅ alpha runs');
  expect(runsStatus({ name: 'alpha', lastLine: 'x'.repeat(300) })).toBe(
    `✅ alpha runs - ${'x'.repeat(200)}…`,
  );
  expect(quietStatus('alpha', 600_000)).toMatch(/^❌ alpha has printed nothing for 10 min/);
  expect(endStatus('alpha', { code: null, signal: 'SIGSEGV' }, null)).toBe('❌ alpha was ended by SIGSEGV');
  expect(exitCodeOf({ code: null, signal: 'SIGKILL' })).toBe(137);
});

const end = (code: number | null, signal: NodeJS.Signals | null = null) => ({ code, signal });

test.each([
  ['SIGTERM', 0, end(null, 'SIGTERM')],
  ['SIGTERM', 60_000, end(1)],
  ['SIGTERM', 600_000, end(143)],
  ['SIGTERM', 600_000, end(null, 'SIGTERM')],
  ['SIGINT', 20_000, end(1)],
  ['SIGINT', 20_000, end(130)],
  ['SIGHUP', 60_000, end(null, 'SIGHUP')],
  ['SIGHUP', 1000, end(1)],
] as const)('%s, and %d ms later an end that follows from it', (signal, agoMs, how) => {
  expect(toldBy([{ signal, agoMs }], how)).toBe(signal);
});

test.each([
  ['SIGTERM', 3_600_000, end(1)],
  ['SIGTERM', 1000, end(null, 'SIGSEGV')],
  ['SIGINT', 3_600_000, end(1)],
  ['SIGINT', 3_600_000, end(null, 'SIGKILL')],
  ['SIGINT', 1000, end(null, 'SIGKILL')],
  ['SIGQUIT', 3_600_000, end(null, 'SIGKILL')],
  ['SIGHUP', 1000, end(null, 'SIGKILL')],
  ['SIGHUP', 60_000, end(1)],
] as const)('%s that it survived, and %d ms later an end of its own: a crash', (signal, agoMs, how) => {
  expect(toldBy([{ signal, agoMs }], how)).toBeNull();
});

test('of several signals the one counts that the end follows from', () => {
  const told = [
    { signal: 'SIGTERM', agoMs: 1000 },
    { signal: 'SIGHUP', agoMs: 500 },
  ] as const;
  expect(toldBy(told, end(null, 'SIGTERM'))).toBe('SIGTERM');
  expect(toldBy(told, end(0))).toBe('SIGHUP');
  expect(toldBy([], end(1))).toBeNull();
});
