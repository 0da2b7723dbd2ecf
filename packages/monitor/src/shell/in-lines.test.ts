import { expect, test } from 'vitest';
import { asOutputOf } from './in-lines.ts';

test('no line that a command prints looks like one of the monitor', () => {
  const forged = '2026-11-29T12:00:00.000Z all is well';
  expect(asOutputOf('bot', `one\n${forged}\n`)).toBe(`bot | one\nbot | ${forged}\n`);
  expect(asOutputOf('b\not', 'no end')).toBe('b ot | no end\n');
});
