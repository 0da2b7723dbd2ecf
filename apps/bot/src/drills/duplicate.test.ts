import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempFolder } from '../../test/support/site.ts';
import { drillDuplicate } from './duplicate.ts';

let temp: ReturnType<typeof tempFolder>;
beforeEach(() => {
  temp = tempFolder();
});
afterEach(() => temp.remove());

const duplicate = (script: string, withinMs?: number) => {
  const statusFile = join(temp.folder, 'status.txt');
  const options = { statusFile, seconds: 0.001, say: () => undefined };
  const limit = withinMs === undefined ? {} : { withinMs };
  return {
    statusFile,
    done: drillDuplicate({ ...options, ...limit, command: [process.execPath, '-e', script] }),
  };
};

test('a second bot that the lock turned away is followed by the foreign writer', async () => {
  const { statusFile, done } = duplicate('process.exit(3)');
  await done;
  expect(existsSync(statusFile)).toBe(true);
});

test.each([0, 1, 2])('after a second bot that ended with %i nothing is written', async (code) => {
  const { statusFile, done } = duplicate(`process.exit(${code})`);
  await expect(done).rejects.toThrow(`got ${code}: does a bot run`);
  expect(existsSync(statusFile)).toBe(false);
});

test('a second bot that does not end is ended, and nothing is written', async () => {
  const { statusFile, done } = duplicate('setInterval(() => undefined, 1000)', 100);
  await expect(done).rejects.toThrow('did not end in time');
  expect(existsSync(statusFile)).toBe(false);
});
