import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { typeErrors } from './named-types.ts';

test('a mistake in a file that is named is told with its line, one in what it imports is left to who checks that', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-types-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const config = join(folder, 'tsconfig.json');
  mkdirSync(join(folder, 'sources'));
  write('sources/imported.ts', 'export const one: number = "one";\n');
  write('named.ts', "import { one } from './sources/imported.ts';\nexport const two: string = one;\n");
  const compilerOptions = {
    allowImportingTsExtensions: true,
    noEmit: true,
    module: 'nodenext',
    types: [],
    lib: ['es5'],
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['named.ts'] }));
  expect(typeErrors(config)).toMatch(/named\.ts\(2,14\): error TS2322/);
  expect(typeErrors(config)).not.toContain('imported.ts(');
  write('named.ts', "import { one } from './sources/imported.ts';\nexport const two: number = one;\n");
  expect(typeErrors(config)).toBe('');
  write('named.ts', 'export const = 1;\n');
  expect(typeErrors(config)).toMatch(/error TS1\d+/);
  // What checks nothing must not pass.
  expect(typeErrors(join(folder, 'none.json'))).toContain('cannot be read');
});
