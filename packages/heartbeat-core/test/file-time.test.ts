import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultHealthPolicy, judge, readHeartbeat, readHeartbeatOnce } from '../src/index.ts';
import { testFolder } from './folder.ts';

const second = 1000;
const now = Date.UTC(2026, 4, 6, 12);
/** A file with a beat of this date that was last written then, both from now. */
const written = (dated: number, mtime: number): string => {
  const file = join(testFolder(), 'status.txt');
  writeFileSync(file, `✅ On\n${new Date(now + dated).toISOString()}\n{"session_active": true}`);
  utimesSync(file, new Date(now + mtime), new Date(now + mtime));
  return file;
};

test('a beat that is dated after its file was written comes with the time of the file, and is as old as that', async () => {
  const file = written(-10 * second, -100 * second);
  const reading = await readHeartbeat(file);
  expect(reading).toMatchObject({ kind: 'beat', mtimeMs: now - 100 * second });
  expect(readHeartbeatOnce(file)).toEqual(reading);
  const policy = { ...defaultHealthPolicy, maxAgeMs: 60 * second };
  expect(judge(reading, null, policy, null, now)).toMatchObject({ state: 'stale', ageMs: 100 * second });
});

test.each([
  ['was written after its date', -100 * second, -10 * second],
  ['was written in the same tick of a coarse disk', -10 * second, -11.9 * second],
  ['has no time', -10 * second, -now],
])('a file that %s says no more than its beat', async (_, dated, mtime) => {
  expect(await readHeartbeat(written(dated, mtime))).not.toHaveProperty('mtimeMs');
});
