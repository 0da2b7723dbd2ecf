// What watching one bot that beats every ten seconds costs over a minute: the monitor as it ships, beside an empty Node process, a
// loop that looks at the file once a second in Node and in Python, and Monit (Debian's package) that checks the same file every second.
// `node ... monitor-idle.bench.ts [seconds]`, 60 unless told otherwise. Linux only.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shipped } from '@sentinel/tooling-shipped';
import { costOf } from './process-cost.ts';

const seconds = Number(process.argv[2] ?? 60);
const app = shipped('monitor');
const say = (line: string) => console.log(line);
const root = mkdtempSync(join(tmpdir(), 'sentinel-idle-'));
const file = join(root, 'logs/heartbeat_status.txt');
mkdirSync(join(root, 'logs'));

const beat = () => {
  const details = { session_active: true, instance: 'a' };
  writeFileSync(`${file}.tmp`, `✅ On\n${new Date().toISOString()}\n${JSON.stringify(details)}\n`);
  renameSync(`${file}.tmp`, file);
};

const monit = () => {
  if (spawnSync('monit', ['--version']).status !== 0) return undefined;
  const config = join(root, 'monitrc');
  const lines = [
    'set daemon 1',
    `set idfile ${join(root, 'id')}`,
    `set statefile ${join(root, 'state')}`,
    `check file heartbeat with path ${file}`,
    '  if timestamp > 300 seconds then alert',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  return ['monit', '-I', '-c', config];
};

const polling = `const { readFileSync } = require('node:fs');
setInterval(() => readFileSync(${JSON.stringify(file)}, 'utf8').split('\\n'), 1000);`;
const pythonLoop = `import time
while True:
    open(${JSON.stringify(file)}, encoding='utf-8').read().split('\\n')
    time.sleep(1)`;
const programs: readonly (readonly [string, readonly string[] | undefined])[] = [
  ['the monitor (wanted: 0.1 %, 75 MB)', [process.execPath, app, '--no-notify']],
  ['an empty Node process', [process.execPath, '-e', 'setInterval(() => {}, 1 << 30)']],
  ['a loop that reads once a second', [process.execPath, '-e', polling]],
  ['a loop in Python, once a second', ['python3', '-c', pythonLoop]],
  ['Monit, every second', monit()],
];

beat();
const timer = setInterval(beat, 10_000);
const children: ChildProcess[] = [];
try {
  const running = programs.flatMap(([name, command]) => {
    const [program, ...args] = command ?? [];
    if (program === undefined) {
      say(`${name}: not installed, so not measured`);
      return [];
    }
    const child = spawn(program, args, { cwd: root, stdio: 'ignore' });
    children.push(child);
    return child.pid === undefined ? [] : [{ name, pid: child.pid }];
  });
  // What starting costs is not what is asked.
  await sleep(10_000);
  const before = running.map(({ pid }) => costOf(pid));
  await sleep(seconds * 1000);
  const rows = running.map(({ name, pid }, index) => {
    const now = costOf(pid);
    return { name, share: (now.cpuMs - (before[index]?.cpuMs ?? 0)) / (seconds * 10), rssMb: now.rssMb };
  });
  const [own] = rows;
  for (const { name, share, rssMb } of rows)
    say(
      `${name.padEnd(36)} ${share.toFixed(3).padStart(7)} % of a core   ${rssMb.toFixed(0).padStart(4)} MB   the monitor takes ${((own?.rssMb ?? 0) / rssMb).toFixed(1)} of its memory`,
    );
} finally {
  clearInterval(timer);
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(
    children.map((child) =>
      child.exitCode === null ? new Promise((done) => child.once('exit', done)) : undefined,
    ),
  );
  rmSync(root, { recursive: true, force: true, maxRetries: 10 });
}
