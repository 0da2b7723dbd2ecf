import { expect, test } from 'vitest';
import { commandShape } from './command-shape.ts';
import type { Process } from './process.ts';
import { fitsProgram, matchOf, type Program } from './program.ts';

const program = (command: string, pattern: RegExp | null = null): Program => ({
  shape: commandShape(command),
  pattern,
  folder: '/srv/bot',
  file: '/srv/bot/logs/heartbeat_status.txt',
  real: (path) => path.replace('/opt/link', '/srv/bot'),
  exists: (path) => path === '/srv/second/logs/heartbeat_status.txt',
});
const running = (args: string, over: Partial<Process> = {}): Process => ({
  pid: 500,
  parent: 1,
  group: 500,
  uid: 1000,
  startedUp: 0,
  mark: 0,
  terminal: false,
  args: args.split(' '),
  folder: '/srv/bot',
  statusFile: null,
  namespace: 'pid:[1]',
  ...over,
});
const seed = program('python3 heartbeat.py');
const of = (process: Process, wanted = seed) => matchOf(process, wanted, 1000, 'pid:[1]');

test.each([
  ['python3 heartbeat.py', {}, 'yes'],
  ['/usr/bin/python3.11 -u /srv/bot/heartbeat.py', { folder: '/' }, 'yes'],
  ['python3 /opt/link/heartbeat.py', {}, 'yes'],
  ['python3 heartbeat.py', { folder: '/srv/other' }, 'no'],
  ['python3 other.py heartbeat.py', {}, 'no'],
  ['node heartbeat.py', {}, 'no'],
  ['vim heartbeat.py', {}, 'no'],
  ['tail -f heartbeat.py', {}, 'no'],
  ['node monitor/index.js --restart heartbeat.py', {}, 'no'],
  ['python3 heartbeat.py', { statusFile: '/srv/other/status.txt' }, 'no'],
  ['python3 heartbeat.py --debug', {}, 'other-words'],
  ['python3 heartbeat.py', { folder: null }, 'unverified'],
  ['python3 heartbeat.py', { uid: 33 }, 'unverified'],
  ['python3 heartbeat.py', { namespace: 'pid:[2]', folder: '/app' }, 'unverified'],
] as const)('%s with %j is the bot: %s', (args, over, match) => {
  expect(of(running(args, over))).toBe(match);
});

test('two bots of one script, each with words of its own, are two bots', () => {
  const wanted = program('python3 bot.py --account A');
  expect(of(running('python3 bot.py --account A'), wanted)).toBe('yes');
  expect(of(running('python3 bot.py --account B'), wanted)).toBe('no');
});

test('two bots of one installed program, each in a folder of its own, are two bots', () => {
  const wanted = program('python3 /opt/trader/bot.py');
  expect(of(running('python3 /opt/trader/bot.py'), wanted)).toBe('yes');
  expect(of(running('python3 /opt/trader/bot.py', { folder: '/srv/other' }), wanted)).toBe('other-words');
  expect(of(running('python3 /opt/trader/bot.py', { folder: '/srv/second' }), wanted)).toBe('no');
  const binary = program('/opt/trader/bot');
  expect(of(running('/opt/trader/bot', { folder: '/srv/other' }), binary)).toBe('other-words');
});

test('a pattern says which process it is, and the program of the command no longer does', () => {
  const wanted = program('./start.sh', /trader\.py --live/);
  expect(of(running('python3 trader.py --live'), wanted)).toBe('yes');
  expect(of(running('sh ./start.sh'), wanted)).toBe('no');
});

test.each([
  ['python3 heartbeat.py', 'yes'],
  ['python3 worker.py', 'yes'],
  ['bash -c while', 'a-shell'],
  ['-bash', 'a-shell'],
  ['vim notes', 'another-program'],
  ['sleep 300', 'another-program'],
])('a beat that names the process %s: it can be the bot: %s', (args, fits) => {
  expect(fitsProgram(running(args), seed)).toBe(fits);
});

test('of a command that does not say what it runs any program can be the bot, but for a shell that is not it', () => {
  const wanted = program('./start.sh');
  expect(fitsProgram(running('node dist/bot.js'), wanted)).toBe('yes');
  expect(fitsProgram(running('sh ./start.sh'), wanted)).toBe('yes');
  expect(fitsProgram(running('sh ./other.sh'), wanted)).toBe('a-shell');
});
