import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { monitorCommands, parseWords } from './words.ts';

test('monitor and api get their own command line', () => {
  expect(parseWords(['monitor', '--max-age', '5'])).toEqual({
    kind: 'program',
    program: 'monitor',
    args: ['--max-age', '5'],
  });
  expect(parseWords(['api'])).toEqual({ kind: 'program', program: 'api', args: [] });
});

test('check is the one look of the monitor, and a command of the monitor stays what it is', () => {
  expect(parseWords(['check', '--json'])).toMatchObject({ program: 'monitor', args: ['--check', '--json'] });
  for (const word of monitorCommands)
    expect(parseWords([word, '--help'])).toEqual({
      kind: 'program',
      program: 'monitor',
      args: [word, '--help'],
    });
});

test('up gets the options of the monitor, and has a help of its own', () => {
  expect(parseWords(['up', '--restart', 'python3 bot.py'])).toEqual({
    kind: 'up',
    args: ['--restart', 'python3 bot.py'],
  });
  expect(parseWords(['up', '--help'])).toEqual({ kind: 'up-usage' });
});

test('help is the help of a command, or of all', () => {
  expect(parseWords(['help'])).toEqual({ kind: 'usage' });
  expect(parseWords(['help', 'api'])).toMatchObject({ program: 'api', args: ['--help'] });
  expect(parseWords(['help', 'check'])).toMatchObject({ program: 'monitor', args: ['--check', '--help'] });
});

test('an option in front, and a word that nobody knows, are refused and steer no terminal', () => {
  expect(parseWords(['--max-age', '5'])).toEqual({
    kind: 'wrong',
    line: "the first word is a command, and this is '--max-age'",
  });
  expect(parseWords(['\u001B[2Jfrob'])).toEqual({ kind: 'wrong', line: "unknown command '?[2Jfrob'" });
  expect(parseWords([])).toEqual({ kind: 'nothing' });
});

test('the usage names every command', () => {
  const usage = readFileSync(new URL('../data/usage.txt', import.meta.url), 'utf8');
  for (const word of ['up', 'monitor', 'api', 'check', ...monitorCommands])
    expect(usage, word).toMatch(new RegExp(`^  (?:[\\w-]+, )*${word}(?:,| )`, 'm'));
});
