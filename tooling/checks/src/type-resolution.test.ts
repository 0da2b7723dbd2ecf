import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { typeProblems } from './type-resolution.ts';

test('types that are there are fine; those that a user would not find, or that say another form of module, are told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-types-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const tarball = join(folder, 'a.tgz');
  const problems = (types: string, more: object = { type: 'module' }) => {
    mkdirSync(join(folder, 'package'), { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(folder, 'package', name), text);
    const exports = { '.': { types, default: './index.js' } };
    write('package.json', JSON.stringify({ name: 'a', version: '1.0.0', exports, ...more }));
    write('index.js', 'export const one = 1;\n');
    write('index.d.ts', 'export declare const one: number;\n');
    execFileSync('tar', ['-C', folder, '-czf', tarball, 'package']);
    return typeProblems(tarball);
  };
  expect(await problems('./index.d.ts')).toEqual([]);
  expect(await problems('./gone.d.ts')).not.toEqual([]);
  expect(await problems('./index.d.ts', {})).not.toEqual([]);
});
