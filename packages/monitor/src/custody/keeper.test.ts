import { expect, test } from 'vitest';
import { explainCustody } from './explain-custody.ts';
import { isSupervisor, isSystemd, keepersOf, mayStartAgain, sleepMsOf } from './keeper.ts';
import type { Kin, Process, Target } from './process.ts';

const kin = (pid: number, parent: number, over: Partial<Kin> = {}): Kin => ({
  ...{ pid, parent, group: pid, session: null, mark: 1, startedUp: 1 },
  ...over,
});

test.each<[args: string, may: boolean]>([
  ['/bin/bash ./loop.sh', true],
  ['bash -c while true; do python3 heartbeat.py; done', true],
  ['/usr/bin/python3 /usr/bin/supervisord -n', true],
  ['PM2 v5.3.0: God Daemon (/root/.pm2)', true],
  ['/lib/systemd/systemd --user', true],
  ['bash', false],
  ['-zsh', false],
  ['bash -i', false],
  ['sh -l', false],
  ['tmux new-session -d -s bot', false],
  ['tmux: server', false],
  ['sshd: trader@pts/0', false],
  ['/usr/sbin/cron -f', false],
  ['sudo -u trader python3 heartbeat.py', false],
  ['', false],
])('%s may start the bot again: %s', (line, may) => {
  const args =
    line.startsWith('tmux:') || line.startsWith('sshd:') ? [line] : line.split(' ').filter(Boolean);
  expect(mayStartAgain(kin(7, 6), { pid: 6, args, exe: null })).toBe(may);
});

test.each<[args: string, exe: string | null, is: boolean]>([
  ['/sbin/init', '/usr/lib/systemd/systemd', true],
  ['/lib/systemd/systemd --user', null, true],
  ['/sbin/init', null, false],
  ['systemd-run bot', null, false],
])('%s (%s) is systemd: %s', (line, exe, is) => {
  expect(isSystemd({ args: line.split(' '), exe })).toBe(is);
});

test.each<[args: string, exe: string | null, session: number, may: boolean]>([
  ['/sbin/init', '/usr/lib/systemd/systemd', 7, true],
  ['/sbin/init', '/usr/lib/systemd/systemd', 3, false],
  ['/usr/lib/systemd/systemd', null, 7, true],
  ['/sbin/docker-init -- sleep', null, 7, false],
  ['sh -c while true; do python3 heartbeat.py; done', null, 1, true],
])('process 1, %s (%s), with the bot in session %d: %s', (line, exe, session, may) => {
  expect(mayStartAgain(kin(7, 1, { session }), { pid: 1, args: line.split(' '), exe })).toBe(may);
});

test('of a bot and its workers only what started the bot counts, and what started that, but not the monitor', () => {
  const all = [kin(5, 1), kin(6, 5), kin(7, 6), kin(8, 7)];
  const find = (pid: number): Process => ({
    ...kin(pid, 1),
    ...{
      uid: 0,
      terminal: false,
      args: ['python3', 'boss.py'],
      folder: '/',
      exe: null,
      environment: {},
      namespace: null,
    },
  });
  const targets = [7, 8].map((pid): Target => ({ kind: 'process', pid, mark: 1, startedUp: 1 }));
  const pids = (isOwn: (each: Kin) => boolean) => keepersOf(targets, all, find, isOwn).map(({ pid }) => pid);
  expect(pids(() => false)).toEqual([6, 5]);
  expect(pids(({ pid }) => pid === 6)).toEqual([]);
  expect(
    keepersOf(
      targets,
      all,
      () => null,
      () => false,
    ),
  ).toEqual([]);
});

const lines = new Map<number, string>();
const processOf = (pid: number): Process => ({
  ...kin(pid, 1),
  ...{ uid: 0, terminal: false, folder: '/', exe: null, environment: {}, namespace: null },
  args: (lines.get(pid) ?? '').split(' '),
});

test.each<[string, above: string, parent: string, readonly number[]]>([
  ['a loop behind timeout', 'bash loop.sh', 'timeout 1h python3 heartbeat.py', [5]],
  ['a loop behind sudo', 'bash loop.sh', 'sudo -u trader python3 heartbeat.py', [5]],
  ['a loop behind a script that ends with the bot', 'sh loop.sh', 'sh start.sh', [6, 5]],
  ['a person who gave the command with sudo', '-bash', 'sudo -u trader python3 heartbeat.py', []],
  ['a script in tmux', 'tmux new -d', 'sh start.sh', [6]],
])('who may start the bot again: %s', (_, above, parent, expected) => {
  lines.set(4, 'bash').set(5, above).set(6, parent);
  const all = [kin(4, 1), kin(5, 4), kin(6, 5), kin(7, 6)];
  const target: Target = { kind: 'process', pid: 7, mark: 1, startedUp: 1 };
  expect(keepersOf([target], all, processOf, () => false).map(({ pid }) => pid)).toEqual(expected);
});

test.each<[string, number | null]>([
  ['sleep 30', 30_000],
  ['/usr/bin/sleep 1m 0.5', 60_500],
  ['sleep infinity', null],
  ['sleep', null],
  ['python3 heartbeat.py', null],
])('%s waits for %s ms', (line, ms) => {
  expect(sleepMsOf(line.split(' '))).toBe(ms);
});

test.each<[args: string, is: boolean]>([
  ['PM2 v5.3.0: God Daemon (/root/.pm2)', true],
  ['/usr/bin/python3 /usr/bin/supervisord -n', true],
  ['runsv bot', true],
  ['s6-supervise bot', true],
  ['python3 boss.py', false],
  ['/bin/bash loop.sh', false],
  ['', false],
])('%s is there to start others again: %s', (line, is) => {
  expect(isSupervisor({ args: line.split(' ') })).toBe(is);
});

test.each<[unit: string | null, waitMs: number, words: string]>([
  [null, 0, 'safe: its process is gone'],
  [null, 5000, 'on hold: its process is gone, and process 6 may start it again'],
  ['bot.service', 5000, 'on hold: its process is gone, and systemd is going to start it again (bot.service)'],
])('what looks after the bot (%s), for %d ms more: %s', (unit, waitMs, words) => {
  expect(explainCustody({ kind: 'gone', by: 'process', keeper: { pid: 6, unit, waitMs } })).toBe(words);
});
