import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { check } from './check.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('an old beat is no alarm while the market has been closed since, and one all the same where it was open', async () => {
  const file = join(folder, 'status.txt');
  const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000).toISOString();
  writeFileSync(file, `✅ On\n${twoHoursAgo}\n{"session_active": true}\n`);
  const bot = { name: 'bot', file, health: defaultHealthPolicy };
  const closedAlways = { timeZone: 'UTC', weeklyClosures: [{ from: 'Sun 00:00', to: 'Sat 24:00' }] };
  expect((await check([{ ...bot, marketHours: null }])).code).toBe(2);
  expect(await check([{ ...bot, marketHours: { timeZone: 'UTC' } }])).toMatchObject({ code: 2 });
  expect(await check([{ ...bot, marketHours: closedAlways }])).toMatchObject({
    code: 0,
    line: 'HEARTBEAT OK - bot healthy 0s (max 300s) | age=0s;;300;0',
  });
});

test('a beat of the future is unknown, whatever the hours', async () => {
  const file = join(folder, 'status.txt');
  writeFileSync(file, '✅ On\n2099-01-01T00:00:00Z\n{"session_active": true}\n');
  const closedAlways = { timeZone: 'UTC', weeklyClosures: [{ from: 'Sun 00:00', to: 'Sat 24:00' }] };
  const bot = { name: 'bot', file, health: defaultHealthPolicy, marketHours: closedAlways };
  expect((await check([bot])).code).toBe(3);
});
