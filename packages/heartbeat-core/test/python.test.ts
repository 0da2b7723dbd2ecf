import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHeartbeat, defaultHealthPolicy, judge, readHeartbeatOnce } from '../src/index.ts';
import { testFolder } from './folder.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const python = (code: string) => execFileSync('python3', ['-c', code], { encoding: 'utf8' });

test.runIf(hasPython)('Python reads our file and computes a sane age', () => {
  const file = join(testFolder(), 'status.txt');
  createHeartbeat({ file }).update('✅ On', true);
  const age = python(`
import datetime, json
lines = open(${JSON.stringify(file)}, encoding='utf-8').read().split('\\n')
assert lines[0] == '✅ On' and json.loads(lines[2])['session_active'] is True
print((datetime.datetime.now() - datetime.datetime.fromisoformat(lines[1])).total_seconds())`);
  expect(Number(age)).toBeGreaterThanOrEqual(0);
  expect(Number(age)).toBeLessThan(120);
});

test.runIf(hasPython)('we read what the Python scripts wrote: truncated, no newline, no line 3', () => {
  const file = join(testFolder(), 'status.txt');
  python(`
import datetime
open(${JSON.stringify(file)}, 'w', encoding='utf-8').write('[OK] Login successful\\n' + datetime.datetime.now().isoformat())`);
  const health = judge(readHeartbeatOnce(file), null, defaultHealthPolicy, null, Date.now());
  expect(health.state).toBe('healthy');
});
