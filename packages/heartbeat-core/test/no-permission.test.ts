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

/** Runs a script with our package as somebody who owns nothing: the sources are read before, which may be closed to others. */
const asNobody = (script: string, file: string): unknown => {
  const { stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--conditions=@sentinel/source', '-e', begin + script, source, file],
    { cwd: '/', encoding: 'utf8' },
  );
  return JSON.parse(stdout);
};
const begin = `
  const [source, file] = process.argv.slice(1);
  const { createHeartbeat, readHeartbeatOnce } = await import(source);
  process.setgid(${nobody});
  process.setuid(${nobody});
`;
const beatTwice = `
  const codes = [];
  const heartbeat = createHeartbeat({ file, onError: ({ code }) => codes.push(code) });
  console.log(JSON.stringify([heartbeat.update('✅ Mine'), heartbeat.update('✅ Mine'), codes]));`;
const look = 'console.log(JSON.stringify(readHeartbeatOnce(file)));';

test('without permission an update is false and told once, and the old file stays', (context) => {
  if (!isRoot) return context.skip('only root may run a process as another user');
  const folder = testFolder();
  const file = join(folder, 'status.txt');
  createHeartbeat({ file }).update('✅ Before');
  chmodSync(folder, 0o755);
  const before = readFileSync(file, 'utf8');
  const outcome = asNobody(beatTwice, file);
  expect(outcome).toEqual([false, false, ['EACCES']]);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(readdirSync(folder)).toEqual(['status.txt']);
  expect(asNobody(beatTwice, join(folder, 'logs/status.txt'))).toEqual([false, false, ['EACCES']]);
  chmodSync(file, 0o600);
  expect(asNobody(look, file)).toMatchObject({ problem: { code: 'unreadable', cause: 'EACCES' } });
});
