import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHeartbeat, readHeartbeatOnce } from '../src/index.ts';
import { testFolder } from './folder.ts';

test('what a beat says of the account holds until another one says otherwise', () => {
  const file = join(testFolder(), 'status.txt');
  const heartbeat = createHeartbeat({ file });
  const positions = [{ symbol: 'MCL', side: 'long', quantity: 2 }] as const;
  expect(heartbeat.update('✅ On', { halted: 'daily loss limit', exposure: { positions } })).toBe(true);
  heartbeat.update('📢 Slack notification');
  expect(readHeartbeatOnce(file)).toMatchObject({
    record: { halted: 'daily loss limit', exposure: { positions } },
  });
  heartbeat.update('✅ On', { halted: null });
  expect(readHeartbeatOnce(file)).not.toHaveProperty('record.halted');
  expect(readHeartbeatOnce(file)).toHaveProperty('record.exposure');
});

test('what a caller without types passes is not written, and stops no beat', () => {
  const file = join(testFolder(), 'status.txt');
  const heartbeat = createHeartbeat({ file });
  const wrong: never[] = [
    { exposure: 5 },
    { exposure: {} },
    { feeds: { md: 'now' } },
    { feeds: { md: Number.NaN } },
    { expect: { what: 'x', by: 1e99 } },
    { halted: 5 },
    { needsPerson: {} },
  ] as never[];
  for (const each of wrong) expect(heartbeat.update('✅ On', each)).toBe(true);
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8').split('\n')[2] ?? ''))).not.toEqual(
    expect.arrayContaining(['exposure', 'feeds', 'expect', 'halted', 'needs_person']),
  );
});
