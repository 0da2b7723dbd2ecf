import { existsSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeFile } from './remove-file.ts';
import { isSystemError, unlessRefused } from './system-error.ts';

test('what is removed is gone, what is not there is no failure, and a refusal is the system\u2019s', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-remove-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  removeFile(file);
  removeFile(file);
  expect(existsSync(file)).toBe(false);
  expect(unlessRefused<unknown>(() => removeFile(folder), 'refused')).toBe('refused');
  expect(() => removeFile(folder)).toThrow(expect.toSatisfy(isSystemError));
  rmdirSync(folder);
});
