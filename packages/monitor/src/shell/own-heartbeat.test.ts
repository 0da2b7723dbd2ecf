import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHeartbeat } from '@sentinel/heartbeat-core';
import { afterEach, expect, test, vi } from 'vitest';
import { view } from '../../test/view.ts';
import { createOwnHeartbeat } from './own-heartbeat.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-own-beat-'));
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

test('the monitor beats when it worked, at once when something changed, and says that its end is planned', async () => {
  const file = join(folder, 'logs', 'own.txt');
  const own = createOwnHeartbeat(file, vi.fn());
  const record = async () => {
    const reading = await readHeartbeat(file);
    if (reading.kind !== 'beat') throw new Error(reading.problem.code);
    return reading.record;
  };
  own.worked([view]);
  const first = await record();
  expect(first).toMatchObject({ seq: 1, sessionActive: true, pid: process.pid, stopped: false });
  expect(first.status).toContain('1 bot, no incident: alpha is healthy');
  own.worked([view]);
  expect((await record()).seq, 'not a file for each look').toBe(1);
  own.worked([{ ...view, state: 'stale', incidentSince: 5 }]);
  expect(await record()).toMatchObject({ seq: 2, progress: 3 });
  own.stopped();
  expect(await record()).toMatchObject({ seq: 3, stopped: true });
});

test('a file that cannot be written is told once', () => {
  const warn = vi.fn();
  writeFileSync(join(tmpdir(), `own-beat-${process.pid}`), '');
  const own = createOwnHeartbeat(join(tmpdir(), `own-beat-${process.pid}`, 'x.txt'), warn);
  own.worked([view]);
  own.worked([]);
  rmSync(join(tmpdir(), `own-beat-${process.pid}`));
  expect(warn).toHaveBeenCalledOnce();
});

test.skipIf(process.platform === 'win32')(
  'nobody else may write into it, whatever the umask or an ACL of the folder allows',
  () => {
    const file = join(folder, 'own.txt');
    const own = createOwnHeartbeat(file, vi.fn());
    const before = process.umask(0);
    try {
      own.worked([view]);
      expect(statSync(file).mode & 0o777).toBe(0o644);
      // As an earlier version has left it.
      chmodSync(file, 0o664);
      own.stopped();
    } finally {
      process.umask(before);
    }
    expect(statSync(file).mode & 0o777).toBe(0o644);
  },
);
