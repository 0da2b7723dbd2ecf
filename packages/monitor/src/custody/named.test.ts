import { expect, test } from 'vitest';
import { commandShape } from './command-shape.ts';
import type { NamedProgram } from './command-words.ts';
import type { Custody } from './custody.ts';
import { besideNamed, isOurs, notAmong, runsNamed } from './named.ts';
import type { Process, Target } from './process.ts';
import type { Program } from './program.ts';

const program = (named: NamedProgram | null): Program => ({
  shape: commandShape('./start.sh'),
  pattern: null,
  found: null,
  named,
  folder: '/srv/bot',
  file: '/srv/bot/logs/heartbeat_status.txt',
  real: (path) => path,
  exists: (path) => path === '/srv/second/logs/heartbeat_status.txt',
  holdsBeat: () => false,
  viewOf: (pid) => (pid === 600 ? 'other' : 'same'),
});
const running = (args: string, over: Partial<Process> = {}): Process => ({
  pid: 500,
  parent: 1,
  group: 500,
  uid: 1000,
  startedUp: 10_000,
  mark: 1,
  terminal: false,
  args: args.split(' '),
  folder: '/srv/bot',
  exe: null,
  environment: {},
  namespace: 'pid:[1]',
  ...over,
});
const own = '/srv/bot/apps/sentinel/dist/index.js';
const heartbeat: NamedProgram = { file: 'heartbeat.py', args: [] };

test.each<[args: string, over: Partial<Process>, named: NamedProgram | null, runs: boolean]>([
  ['python3 heartbeat.py', {}, heartbeat, true],
  ['venv/bin/python -u /srv/bot/heartbeat.py', { folder: '/' }, heartbeat, true],
  ['python3 heartbeat.py', {}, null, false],
  ['vim heartbeat.py', {}, heartbeat, false],
  ['python3 other.py heartbeat.py', {}, heartbeat, false],
  ['python3 heartbeat.py', { folder: '/srv/second' }, heartbeat, false],
  ['python3 heartbeat.py', { folder: '/srv/third' }, heartbeat, false],
  ['python3 heartbeat.py', { folder: null }, heartbeat, false],
  ['python3 heartbeat.py', { namespace: 'pid:[2]', pid: 600 }, heartbeat, false],
  ['python3 heartbeat.py', { environment: { HEARTBEAT_STATUS_FILE: '/srv/b.txt' } }, heartbeat, false],
  ['python3 heartbeat.py --account b', {}, { file: 'heartbeat.py', args: ['--account', 'a'] }, false],
  ['python3 heartbeat.py --account b', {}, { file: 'heartbeat.py', args: null }, true],
  ['python3 heartbeat.py --account b', {}, heartbeat, true],
  ['node dist/index.js', {}, { file: 'index.js', args: null }, true],
  ['node apps/sentinel/dist/index.js api', {}, { file: 'index.js', args: null }, false],
  ['node apps/bot/dist/index.js', {}, { file: 'index.js', args: null }, true],
])('%s %j runs what the script of the command names: %j %s', (args, over, named, runs) => {
  expect(runsNamed(running(args, over), program(named), 'pid:[1]', own)).toBe(runs);
});

const one = running('python3 heartbeat.py');
const held: Custody = { kind: 'held', targets: [] };

test.each<[custody: Custody, laterThanUp: number, kind: Custody['kind']]>([
  [{ kind: 'never' }, 20_000, 'unknown'],
  [{ kind: 'gone', by: 'process' }, 20_000, 'unknown'],
  [held, 20_000, 'unknown'],
  [{ kind: 'never' }, 5000, 'started'],
  [{ kind: 'gone', by: 'process' }, 5000, 'started'],
  [held, 5000, 'held'],
  [{ kind: 'command-ends', by: 'docker restart' }, 20_000, 'command-ends'],
])('beside one of them %j is, later than %d: %s', (custody, laterThanUp, kind) => {
  expect(besideNamed(custody, [one], laterThanUp, {}).kind).toBe(kind);
  expect(besideNamed(custody, [], laterThanUp, {})).toEqual(custody);
});

test('what is ended anyway is not in doubt', () => {
  const target: Target = { kind: 'process', pid: 500, mark: 1, startedUp: 10_000 };
  expect(notAmong([one], [target])).toEqual([]);
  expect(notAmong([one], [{ kind: 'group', group: 500, startedUp: 0 }])).toEqual([]);
  expect(notAmong([one], [{ ...target, pid: 501 }])).toEqual([one]);
});

test.each([
  ['/x/apps/sentinel/dist/index.js', true],
  ['/x/apps/api/dist/index.js', true],
  ['/x/apps/bot/dist/index.js', false],
  ['/y/apps/api/dist/index.js', false],
  ['/x/dist/index.js', false],
])('%s is a program that belongs to this monitor: %s', (script, is) => {
  expect(isOurs(script, '/x/apps/sentinel/dist/index.js')).toBe(is);
});
