import { expect, test } from 'vitest';
import { lastLines, printedBy, withOutput } from './last-lines.ts';
import { nothingRun } from './observation.ts';

const numbered = (count: number, more = '') =>
  Array.from({ length: count }, (_, index) => `line ${index}${more}`).join('\n');

test('the last twenty lines, and no more than other parts of a message leave room for', () => {
  expect(lastLines(`${numbered(30)}\n\n`).split('\n')).toEqual(numbered(30).split('\n').slice(-20));
  const long = lastLines(numbered(30, ' of many words'.repeat(10)));
  expect(long.length).toBeLessThanOrEqual(1500);
  expect(long).toMatch(/^line \d+ of/);
  expect(lastLines('x'.repeat(5000))).toHaveLength(1501);
});

test('what a command printed that had ended before the last beat is not the words of the bot', () => {
  const command = { ...nothingRun, startedAt: 0, output: 'Connection lost' };
  expect(printedBy({ ...command, running: true }, 5000)).toBe('Connection lost');
  expect(printedBy({ ...command, endedAt: 6000 }, 5000)).toBe('Connection lost');
  expect(printedBy({ ...command, endedAt: 1000 }, 5000)).toBe('');
  expect(printedBy(null, 5000)).toBe('');
});

test('the first message of an incident has them, and one that goes on does not repeat them', () => {
  const first = { kind: 'unhealthy', bot: 'bot', state: 'stale', reason: 'no beat' } as const;
  expect(withOutput(first, () => 'Connection lost')).toEqual({ ...first, output: 'Connection lost' });
  expect(withOutput(first, () => '')).toBe(first);
  const reminder = { kind: 'reminder', bot: 'bot', state: 'stale', openForMs: 1 } as const;
  expect(withOutput(reminder, () => 'Connection lost')).toBe(reminder);
});
