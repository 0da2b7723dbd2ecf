import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { psProcesses, rowOf } from './ps.ts';

test('a row of ps is a process, with its start on a clock that nobody sets', () => {
  const line = '  4711     1  4711   501 S    ??  Sun Nov 29 03:04:05 2026 python3 heartbeat.py';
  const bootAt = Date.UTC(2026, 10, 29, 3, 0, 0);
  expect(rowOf(line, bootAt)).toMatchObject({
    pid: 4711,
    parent: 1,
    group: 4711,
    uid: 501,
    terminal: false,
    startedUp: 245_000,
    args: ['python3', 'heartbeat.py'],
  });
  expect(rowOf(line.replace(' S ', ' Z '), bootAt)).toBeNull();
  expect(rowOf('not a row', bootAt)).toBeNull();
});

const hasPs = spawnSync('ps', ['-p', '1']).error === undefined;

test.runIf(hasPs)('what ps says of a process that lives, and of one that has ended', async () => {
  const processes = psProcesses();
  const child = spawn('sleep', ['300.25']);
  const pid = child.pid ?? 0;
  try {
    expect(processes.get(pid)).toMatchObject({ pid, parent: process.pid, args: ['sleep', '300.25'] });
    expect(processes.list((args) => args[1] === '300.25')).toMatchObject({ rows: [{ pid }] });
    expect(processes.ancestors()).toContain(process.pid);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  expect(processes.get(pid)).toBe('none');
});
