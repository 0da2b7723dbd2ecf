import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createHeartbeat } from '../src/index.ts';
import { testFolder } from './folder.ts';

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src/index.ts');

/** Runs a script as somebody who owns nothing; `undefined` where that one cannot even read the package. */
const asNobody = (script: string, file: string): unknown => {
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--conditions=@sentinel/source', '-e', script, source, file],
    { uid: nobody, gid: nobody, cwd: '/', encoding: 'utf8' },
  );
  return status === 0 ? JSON.parse(stdout) : undefined;
};
const beatTwice = `
  const [source, file] = process.argv.slice(1);
  const { createHeartbeat } = await import(source);
  const codes = [];
  const heartbeat = createHeartbeat({ file, onError: ({ code }) => codes.push(code) });
  console.log(JSON.stringify([heartbeat.update('✅ Mine'), heartbeat.update('✅ Mine'), codes]));`;
const look = `
  const [source, file] = process.argv.slice(1);
  console.log(JSON.stringify((await import(source)).readHeartbeatOnce(file)));`;

test('without permission an update is false and told once, and the old file stays', (context) => {
  if (!isRoot) return context.skip('only root may run a process as another user');
  const folder = testFolder();
  const file = join(folder, 'status.txt');
  createHeartbeat({ file }).update('✅ Before');
  chmodSync(folder, 0o755);
  const before = readFileSync(file, 'utf8');
  const outcome = asNobody(beatTwice, file);
  if (outcome === undefined) return context.skip('another user cannot read this checkout');
  expect(outcome).toEqual([false, false, ['EACCES']]);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(readdirSync(folder)).toEqual(['status.txt']);
  expect(asNobody(beatTwice, join(folder, 'logs/status.txt'))).toEqual([false, false, ['EACCES']]);
  chmodSync(file, 0o600);
  expect(asNobody(look, file)).toMatchObject({ problem: { code: 'unreadable', cause: 'EACCES' } });
});
