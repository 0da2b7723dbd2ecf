import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemFiles } from './files.ts';

const { holdsBeat } = systemFiles;

test('a file in which a bot beats is known again while it is being written', ({ onTestFinished }) => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-search-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'status.txt');
  expect(holdsBeat(file)).toBe(false);
  writeFileSync(file, 'some words\nand others\n');
  expect(holdsBeat(file)).toBe(false);
  writeFileSync(file, '✅ On\n2026-11-29T12:00:00.000000\n{"session_active": true}');
  expect(holdsBeat(file)).toBe(true);
  writeFileSync(file, '');
  expect(holdsBeat(file)).toBe(true);
  rmSync(file);
  expect(holdsBeat(file)).toBe(false);
});
