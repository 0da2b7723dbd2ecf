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

test('a hangup counts as a stop only where the end follows from it: many programs reload on it', () => {
  const ends = { code: 1, signal: null };
  expect(toldBy({ signal: 'SIGHUP', agoMs: 60_000 }, ends)).toBeNull();
  expect(toldBy({ signal: 'SIGHUP', agoMs: 1000 }, ends)).toBe('SIGHUP');
  expect(toldBy({ signal: 'SIGHUP', agoMs: 60_000 }, { code: null, signal: 'SIGHUP' })).toBe('SIGHUP');
  expect(toldBy({ signal: 'SIGTERM', agoMs: 600_000 }, ends)).toBe('SIGTERM');
  expect(toldBy(null, ends)).toBeNull();
});
