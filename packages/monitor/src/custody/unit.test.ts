import { expect, test } from 'vitest';
import { startsAgainInMs, unitOfGroup } from './unit.ts';

test.each<[cgroup: string, name: string | null, user?: number]>([
  ['0::/system.slice/bot.service', 'bot.service'],
  ['9:name=systemd:/system.slice/bot.service\n8:pids:/\n0::/', 'bot.service'],
  ['0::/system.slice/system-bot.slice/bot@1.service/worker', 'bot@1.service'],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/bot.service', 'bot.service', 1000],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/tmux-spawn-1.scope', null],
  ['0::/user.slice/user-1000.slice/user@1000.service/init.scope', null],
  ['0::/user.slice/user-1000.slice/session-3.scope', null],
  ['0::/system.slice/docker-0123.scope', null],
  ['0::/', null],
  ['', null],
])('a process of the control group %j runs in the service %s', (cgroup, name, user = undefined) => {
  expect(unitOfGroup(cgroup)).toEqual(name === null ? null : { name, user: user ?? null });
});

const shown = (over: Readonly<Record<string, string>>): string =>
  Object.entries({
    RestartUSec: '30s',
    ActiveState: 'activating',
    SubState: 'auto-restart',
    InactiveEnterTimestampMonotonic: '72964693037',
    ...over,
  })
    .map((fact) => fact.join('='))
    .join('\n');

test.each<[words: string, over: Readonly<Record<string, string>>, ms: number | null]>([
  ['waits for 30 s, of which 10 are over', {}, 20_000],
  ['waits for 1 min 30 s', { RestartUSec: '1min 30s' }, 80_000],
  ['waits for a step of a longer and longer wait', { SubState: 'auto-restart-queued' }, 20_000],
  ['has waited', { RestartUSec: '100ms' }, 0],
  ['waits for a time that nobody can read', { RestartUSec: 'soon' }, 0],
  ['is being started', { SubState: 'start-pre' }, 0],
  ['is being stopped', { ActiveState: 'deactivating', SubState: 'stop-sigterm' }, 0],
  ['runs', { ActiveState: 'active', SubState: 'running' }, null],
  ['was stopped by a person', { ActiveState: 'inactive', SubState: 'dead' }, null],
  ['was started too often', { ActiveState: 'failed', SubState: 'failed' }, null],
])('a service that %s', (_words, over, ms) => {
  expect(startsAgainInMs(shown(over), 72_974_693.037)).toBe(ms);
});

test('of a service manager that says nothing nothing is known', () => {
  expect(startsAgainInMs('', 0)).toBeNull();
});
