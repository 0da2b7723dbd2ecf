import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { configureHeartbeat, readHeartbeatOnce, updateHeartbeatStatus } from '../src/index.ts';
import { testFolder } from './folder.ts';

test('the bare function goes where it was configured last, and a file of its own comes first', () => {
  const folder = testFolder();
  const [first = '', second = '', other = ''] = ['a.txt', 'b.txt', 'c.txt'].map((name) => join(folder, name));
  const statusIn = (file: string) => {
    const reading = readHeartbeatOnce(file);
    return reading.kind === 'beat' ? [reading.record.status, reading.record.seq] : reading.kind;
  };
  expect(configureHeartbeat({ file: first, instance: 'run-1' }).instance).toBe('run-1');
  updateHeartbeatStatus('✅ One');
  configureHeartbeat({ file: second });
  updateHeartbeatStatus('✅ Two', true);
  updateHeartbeatStatus('✅ Three', { file: other });
  updateHeartbeatStatus('✅ Four');
  expect([first, second, other].map(statusIn)).toEqual([
    ['✅ One', 1],
    ['✅ Four', 2],
    ['✅ Three', 1],
  ]);
});

test('the handler that was configured hears of updates that do not land', () => {
  const codes: string[] = [];
  configureHeartbeat({ file: '/dev/null', onError: ({ code }) => codes.push(code) });
  expect(updateHeartbeatStatus('✅ One')).toBe(false);
  expect(codes).toEqual(['ENOTFILE']);
});

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));
/** A program that beats and lives on, with its standard error where it is said. */
const beating = (script: string, stderr: 'pipe' | number) => {
  const code = `import { createHeartbeat, updateHeartbeatStatus } from ${JSON.stringify(entry)};
    ${script}
    setTimeout(() => console.log('alive'), 20);`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', stderr],
  });
};

test('what the handler throws, and a file that is no path, are told on standard error', () => {
  const { stdout, stderr } = beating(
    `createHeartbeat({ file: '/dev/null', onError: () => { throw new Error('no pager'); } }).update('✅ On');
     console.log(updateHeartbeatStatus('✅ On', { file: 7 }));`,
    'pipe',
  );
  expect(stdout).toBe('false\nalive\n');
  expect(stderr).toContain('heartbeat: onError failed: no pager\n');
  expect(stderr).toContain('heartbeat: cannot write a `file` that is no path (ERR_INVALID_ARG_TYPE)');
});

test.runIf(existsSync('/dev/full'))('standard error on a full disk ends no bot', () => {
  const full = openSync('/dev/full', 'w');
  const { stdout } = beating(`updateHeartbeatStatus('✅ On', { file: '/dev/null' });`, full);
  closeSync(full);
  expect(stdout).toBe('alive\n');
});
