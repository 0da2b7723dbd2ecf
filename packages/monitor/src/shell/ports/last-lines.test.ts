import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCleaner } from '@sentinel/heartbeat-core';
import { expect, onTestFinished, test } from 'vitest';
import { lastLinesOf } from './last-lines.ts';

const openFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-lines-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'bot.log');
};

test('of a long log the end is read, and no secret or control sequence is in it', () => {
  const file = openFolder();
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
  writeFileSync(
    file,
    `${[...lines, 'password hunter22', '\u001b[31mConnection lost\u001b[0m'].join('\n')}\n`,
  );
  const shown = lastLinesOf(file, createCleaner(['hunter22'])).split('\n');
  expect(shown).toHaveLength(20);
  expect(shown.slice(-3)).toEqual(['line 4999', 'password [redacted]', 'Connection lost']);
});

test('a log that is not there, or leads elsewhere, is named as that', () => {
  const file = openFolder();
  expect(lastLinesOf(file, String)).toMatch(/bot\.log: .*ENOENT|no such file/i);
  symlinkSync('/etc/passwd', file);
  expect(lastLinesOf(file, String)).not.toContain('root:');
});
