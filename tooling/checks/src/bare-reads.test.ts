import { expect, test } from 'vitest';
import { findBareReads } from './bare-reads.ts';

const placesIn = (text: string, path = 'apps/bot/src/x.ts') =>
  findBareReads([{ path, text }]).map((violation) => violation.path);

test('a read of a file by its path is told with its line, in the reader itself it is not', () => {
  const text =
    "import { readFileSync } from 'node:fs';\nconst a = readFileSync(file, 'utf8');\nawait readFile(file);";
  expect(placesIn(text)).toEqual(['apps/bot/src/x.ts:2', 'apps/bot/src/x.ts:3']);
  expect(placesIn(text, 'packages/heartbeat-core/src/shell/plain-file.ts')).toEqual([]);
});

test('what the system makes up, and what a program brings along, is read as ever', () => {
  expect(placesIn("readFileSync(`/proc/self/stat`, 'utf8'); readFileSync('/proc/1/comm')")).toEqual([]);
  expect(placesIn("readFileSync(new URL('../package.json', import.meta.url), 'utf8')")).toEqual([]);
});
