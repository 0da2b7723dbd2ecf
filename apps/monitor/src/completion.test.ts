import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { completionOf, ownWords } from './completion.ts';
import { commandTable, flagTable, shells } from './flag-table.ts';

/** What bash offers for the last of these words. */
const offered = (...words: string[]): string[] =>
  execFileSync(
    'bash',
    [
      '--norc',
      '-c',
      `${completionOf('bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sentinel; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ],
    { encoding: 'utf8' },
  )
    .split('\n')
    .filter(Boolean);

test('bash offers the commands of the program that is typed', () => {
  expect(offered('sentinel', 'u')).toEqual(['unhalt', 'up']);
  expect(offered('./sentinel', 'help', 'ap')).toEqual(['api']);
  expect(offered('sentinel-monitor', 'u')).toEqual(['unhalt']);
});

test('bash offers the flags, and files for a flag that names one', () => {
  expect(offered('sentinel', 'monitor', '--max-')).toContain('--max-age');
  expect(offered('sentinel', 'up', '--config', 'pack')).toContain('package.json');
});

test('behind a command bash offers its own flags, and not those of a monitor', () => {
  expect(offered('sentinel', 'pause', '--').join(' ')).toBe('--wait --reason --config --bot --file --json');
  expect(offered('sentinel', 'ack', '--e')).toEqual(['--expires']);
  expect(offered('sentinel-monitor', '--config', 'a.json', 'test-alert', '--ch')).toEqual(['--channel']);
});

test.each(shells)('%s: every command and every flag is in it', (shell) => {
  const text = completionOf(shell);
  for (const word of [...Object.keys(commandTable), ...Object.keys(ownWords)])
    expect(text, word).toMatch(new RegExp(`(?<![\\w-])${word}(?![\\w-])`));
  for (const { flag } of flagTable) expect(text, flag).toMatch(new RegExp(`${flag.slice(2)}(?![\\w-])`));
});

test.each(shells)('%s reads it without an error, where it is installed', (shell) => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-completion-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'completion'), completionOf(shell));
  const { error, status, stderr } = spawnSync(shell, ['-n', join(folder, 'completion')], {
    encoding: 'utf8',
  });
  if (error === undefined) expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
