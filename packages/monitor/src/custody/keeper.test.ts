import { expect, test } from 'vitest';
import { keepersOf, mayStartAgain } from './keeper.ts';
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

test.each<[args: string, exe: string | null, session: number, may: boolean]>([
  ['/sbin/init', '/usr/lib/systemd/systemd', 7, true],
  ['/sbin/init', '/usr/lib/systemd/systemd', 3, false],
  ['/usr/lib/systemd/systemd', null, 7, true],
  ['/sbin/docker-init -- sleep', null, 7, false],
  ['sh -c while true; do python3 heartbeat.py; done', null, 1, true],
])('process 1, %s (%s), with the bot in session %d: %s', (line, exe, session, may) => {
  expect(mayStartAgain(kin(7, 1, { session }), { pid: 1, args: line.split(' '), exe })).toBe(may);
});

test('of a bot and its workers only what started the bot counts, and not the monitor', () => {
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
  expect(pids(() => false)).toEqual([6]);
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
