import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecords } from '@sentinel/history';
import { expect, test } from 'vitest';
import { withPeers } from './peers-status.ts';

const found = { code: 0, line: 'bot healthy', json: { bot: 'bot' } };
const peer = {
  name: 'fra',
  state: 'silent',
  finding: 'down',
  silent_seconds: 42,
  reason: 'TimeoutError',
  bots: [],
};

test('status says how the other hosts are, and its exit code stays that of the bots', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-peers-'));
  const file = join(folder, 'sentinel.db');
  try {
    expect(withPeers(found, file, 0).line).toBe(
      'bot healthy\nhosts: no monitor here has peers (see docs/fleet.md)',
    );
    const records = openRecords(file);
    records.setState('peers', { host: 'ams', run: 'r', round: 1, peers: [peer], at: 1000 });
    records.close();
    expect(withPeers(found, file, 2000)).toMatchObject({
      code: 0,
      line: 'bot healthy\nhost fra: down, last heard 42 s ago, TimeoutError',
      json: { bots: [{ bot: 'bot' }], hosts: [{ name: 'fra', finding: 'down' }] },
    });
    expect(withPeers(found, file, 60_000).line).toContain('not known');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
