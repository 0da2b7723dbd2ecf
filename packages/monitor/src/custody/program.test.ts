import { expect, test } from 'vitest';
import { isGivenOnly, variableOf } from './beside.ts';
import { commandShape } from './command-shape.ts';
import type { Process } from './process.ts';
import { fitsProgram, matchOf, type Program } from './program.ts';

const program = (command: string, pattern: RegExp | null = null): Program => ({
  shape: commandShape(command),
  pattern,
  found: command.startsWith('mybot') ? '/srv/venv/bin/mybot' : null,
  named: null,
  folder: '/srv/bot',
  file: '/srv/bot/logs/heartbeat_status.txt',
  real: (path) => path.replace('/opt/link', '/srv/bot').replace('/srv/bot/run.py', '/srv/bot/heartbeat.py'),
  exists: (path) => path === '/srv/second/logs/heartbeat_status.txt',
  holdsBeat: (path) => path.endsWith('/logs/other.txt'),
  viewOf: (pid) => (pid === 600 ? 'other' : 'same'),
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
  exe: null,
  environment: {},
  namespace: 'pid:[1]',
  ...over,
});
const seed = program('python3 heartbeat.py');
const of = (process: Process, wanted = seed) => matchOf(process, wanted, 1000, 'pid:[1]');

test.each([
  ['apart', '/srv/bot', 'no'],
  ['other', '/app', 'unverified'],
  ['same', '/srv/other', 'no'],
  ['same', '/srv/bot', 'yes'],
  ['reached', '/srv/bot', 'unverified'],
  ['unknown', '/srv/bot', 'unverified'],
] as const)(
  'a process of another pid namespace that sees the status file as %s, in %s: %s',
  (view, folder, match) => {
    const wanted = { ...seed, viewOf: () => view };
    expect(of(running('python3 heartbeat.py', { namespace: 'pid:[2]', folder }), wanted)).toBe(match);
  },
);

test.each([
  ['apart', '/srv/bot', 'no'],
  ['apart', '/app', 'no'],
  ['other', '/srv/bot', 'unverified'],
  ['other', '/app', 'unverified'],
  ['reached', '/srv/bot', 'yes'],
  ['reached', '/app', 'no'],
  ['unknown', '/srv/bot', 'unverified'],
  ['unknown', '/app', 'no'],
] as const)(
  'a process with mounts of its own that sees the status file as %s, in %s: %s',
  (view, folder, match) => {
    const wanted = { ...seed, viewOf: () => view };
    expect(of(running('python3 heartbeat.py', { folder }), wanted)).toBe(match);
  },
);

test.each([
  // A daemon goes to `/`, a bot to its data.
  ['python3 heartbeat.py', { folder: '/' }, 'beside'],
  ['./mybot heartbeat.py', {}, 'beside'],
  ['python3 /opt/celery.py -A heartbeat worker', { folder: '/' }, 'beside'],
  ['python3 /opt/celery.py -A heartbeat worker', { folder: '/', uid: 33 }, 'no'],
  ['python3 /opt/celery.py -A heartbeat worker', { folder: '/', uid: null }, 'beside'],
  ['vim heartbeat.py', { folder: '/' }, 'no'],
  ['node monitor/index.js --restart heartbeat.py', { folder: '/' }, 'no'],
] as const)('a process that names the program may be the bot: %s with %j: %s', (args, over, match) => {
  const exists = (path: string) => path === '/srv/bot/heartbeat.py';
  expect(of(running(args, over), { ...seed, exists })).toBe(match);
});

test.each([
  ['python3 heartbeat.py', {}, 'yes'],
  ['/usr/bin/python3.11 -u /srv/bot/heartbeat.py', { folder: '/' }, 'yes'],
  ['python3 /opt/link/heartbeat.py', {}, 'yes'],
  ['python3 heartbeat.py', { folder: '/srv/other' }, 'no'],
  ['python3 other.py heartbeat.py', {}, 'beside'],
  ['node heartbeat.py', {}, 'no'],
  ['vim heartbeat.py', {}, 'no'],
  ['tail -f heartbeat.py', {}, 'no'],
  ['node monitor/index.js --restart heartbeat.py', {}, 'no'],
  ['python3 heartbeat.py', { environment: { HEARTBEAT_STATUS_FILE: '/srv/other/status.txt' } }, 'no'],
  ['python3 heartbeat.py --debug', {}, 'other-words'],
  ['python3 heartbeat.py', { folder: null }, 'unverified'],
  ['python3 heartbeat.py', { uid: 33 }, 'unverified'],
  ['python3 heartbeat.py', { namespace: 'pid:[2]', folder: '/app', pid: 600 }, 'unverified'],
  // The same script by another spelling.
  ['python3 /opt/link/heartbeat.py', { folder: '/srv/bot' }, 'yes'],
  ['python3 run.py', {}, 'yes'],
  ['python3 -m heartbeat', {}, 'yes'],
  ['python3 -m heartbeat', { folder: '/srv/other' }, 'no'],
  ['tradebot heartbeat.py', { exe: '/usr/bin/python3.11' }, 'yes'],
  ['tradebot heartbeat.py', { exe: '/usr/bin/node' }, 'no'],
  // A title in the place of its words.
  ['trader', { exe: '/usr/bin/python3.11' }, 'unverified'],
  ['trader', { exe: '/usr/bin/python3.11', folder: '/srv/other' }, 'no'],
  ['trader', { exe: '/usr/bin/node' }, 'beside'],
  ['python3', { exe: '/usr/bin/python3.11' }, 'beside'],
  // What runs code that names the script may run it.
  ['python3 -c import_runpy;runpy.run_path("heartbeat.py")', {}, 'unverified'],
  ['python3 -c import_runpy;runpy.run_path("heartbeat.py")', { folder: '/srv/other' }, 'no'],
  ['python3 -c print(1)', {}, 'beside'],
  // Its environment names another file in which a bot beats.
  ['python3 heartbeat.py', { environment: { HB: 'logs/other.txt' } }, 'no'],
  ['python3 heartbeat.py', { environment: { HB: 'logs/heartbeat_status.txt' } }, 'yes'],
  ['python3 heartbeat.py', { environment: { MODE: 'live' } }, 'yes'],
] as const)('%s with %j is the bot: %s', (args, over, match) => {
  expect(of(running(args, over))).toBe(match);
});

test.each([
  ['python3 -c import(heartbeat)', {}, 'beside'],
  ['python3 -', {}, 'beside'],
  ['python3', {}, 'beside'],
  ['python3 run_it.py', {}, 'beside'],
  ['python3 /dev/fd/63', {}, 'beside'],
  ['python3 -m pdb heartbeat.py', {}, 'beside'],
  ['node .', {}, 'beside'],
  ['python3 -m http.server', {}, 'no'],
  ['python3 /usr/lib/tool.py', {}, 'no'],
  ['python3 -c import(heartbeat)', { folder: '/srv/other' }, 'no'],
  ['python3 -c import(heartbeat)', { uid: 33 }, 'no'],
  ['python3 -', { environment: { HB: 'logs/other.txt' } }, 'no'],
] as const)(
  'an interpreter in the folder of the bot, %s with %j, may be the bot: %s',
  (args, over, match) => {
    const exists = (path: string) => ['/srv/bot/run_it.py', '/usr/lib/tool.py'].includes(path);
    expect(of(running(args, over), { ...seed, exists })).toBe(match);
  },
);

test.each([
  ['python3 -m trader', 'python3 trader'],
  ['python3 trader', 'python3 -m trader'],
  ['python3 trader/__main__.py', 'python3 trader'],
])('%s is found behind %s', (args, command) => {
  expect(of(running(args), program(command))).toBe('yes');
});

const account = { ...seed, environment: { ACCOUNT: 'b', TERM: 'xterm', PWD: '/srv', SSH_TTY: '/dev/pts/1' } };

test.each([
  [{ ACCOUNT: 'b' }, 'yes', null],
  [{ ACCOUNT: 'b', MORE: '1', TERM: 'vt100' }, 'yes', null],
  [{ ACCOUNT: 'a' }, 'other-environment', 'ACCOUNT'],
  [{}, 'other-environment', 'ACCOUNT'],
  [null, 'yes', null],
] as const)(
  'a process with the environment %j, where the command gets ACCOUNT=b: %s',
  (environment, match, name) => {
    const found = running('python3 heartbeat.py', { environment });
    expect(of(found, account)).toBe(match);
    expect(variableOf(found, account)).toBe(name);
    expect(of(found)).toBe('yes');
  },
);

test('what the command sets itself counts, whatever the monitor has', () => {
  const wanted = { ...program('ACCOUNT=a python3 heartbeat.py'), environment: { ACCOUNT: 'b' } };
  expect(of(running('python3 heartbeat.py', { environment: { ACCOUNT: 'a' } }), wanted)).toBe('yes');
  expect(of(running('python3 heartbeat.py', { environment: { ACCOUNT: 'b' } }), wanted)).toBe('no');
});

test('what runs at home, where it has a file of its own, may be this bot: the folder of the command may be wrong', () => {
  const wrong = program('python3 /srv/second/bot.py');
  const home = (args: string) => running(args, { folder: '/srv/second' });
  expect(of(home('python3 bot.py'), wrong)).toBe('at-home');
  expect(of(home('python3 bot.py --paper'), wrong)).toBe('no');
  // Who says where the command runs means it.
  expect(of(home('python3 bot.py'), program('cd /srv/bot && python3 /srv/second/bot.py'))).toBe('no');
});

test.each([
  ['python3 bot.py', false],
  ['python3 -u bot.py --live', false],
  ['python3 -c import(bot.py)', false],
  ['python3 edit.py bot.py', true],
  ['python3 -c print(1) bot.py', true],
  ['python3 -m pdb bot.py', true],
  ['./bot.py', false],
  ['timeout 1h python3 bot.py', false],
])('%s has what the pattern says only among the words that its program is given: %s', (args, is) => {
  expect(isGivenOnly(running(args), program('./start.sh', /bot\.py/))).toBe(is);
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
  expect(fitsProgram(running(args), seed, true)).toBe(fits);
});

test('of a command that does not say what it runs any program can be the bot, but for a shell that is not it', () => {
  const wanted = program('./start.sh');
  expect(fitsProgram(running('node dist/bot.js'), wanted, true)).toBe('yes');
  expect(fitsProgram(running('sh ./start.sh'), wanted, true)).toBe('yes');
  expect(fitsProgram(running('sh ./other.sh'), wanted, true)).toBe('a-shell');
});

test.each([
  ['HB=logs/a.txt python3 bot.py', { HB: 'logs/a.txt' }, 'yes'],
  ['HB=logs/a.txt python3 bot.py', { HB: '/srv/bot/logs/a.txt' }, 'yes'],
  ['HB=logs/a.txt python3 bot.py', { HB: 'logs/b.txt' }, 'no'],
  ['HB=logs/a.txt python3 bot.py', {}, 'other-words'],
  ['HB=logs/a.txt python3 bot.py', null, 'unverified'],
  ['PYTHONUNBUFFERED=1 python3 bot.py', {}, 'yes'],
] as const)('%s and a process with %j are one bot: %s', (command, environment, match) => {
  expect(of(running('python3 bot.py', { environment }), program(command))).toBe(match);
});

test.each([
  ['in the folder of the command', { folder: '/srv/bot' }, 'yes'],
  ['with a path of that folder', { args: ['python3', '/srv/bot/trader.py'], folder: '/home' }, 'yes'],
  ['in a folder that has a status file of its own', { folder: '/srv/second' }, 'no'],
  ['in any other folder', { folder: '/srv/other' }, 'other-words'],
  ['of a daemon', { folder: '/' }, 'yes'],
] as const)('a match of the pattern %s is the bot: %s', (_words, over, match) => {
  expect(of(running('python3 trader.py', over), program('./start.sh', /trader\.py/))).toBe(match);
});

test.each([
  ['python3 bot.py', { folder: '/srv/bot' }, 'shows-itself'],
  ['python3 /srv/bot/bot.py', { folder: '/home' }, 'shows-itself'],
  ['/srv/bot/trader', { folder: '/srv/bot', exe: '/srv/bot/trader' }, 'shows-itself'],
  [
    'python3 bot.py',
    { folder: '/home', environment: { OUT: '/srv/bot/logs/heartbeat_status.txt' } },
    'shows-itself',
  ],
  ['python3 bot.py', { folder: '/home' }, 'no-sign'],
  ['cron', { folder: '/srv/bot', exe: '/usr/sbin/cron' }, 'no-sign'],
  ['sh ./start.sh', {}, 'yes'],
] as const)('a bare number of %s with %j: %s', (args, over, fit) => {
  expect(fitsProgram(running(args, over), program('./start.sh'), false)).toBe(fit);
});

test('a part of the kernel is never the bot', () => {
  expect(fitsProgram(running('', { args: [] }), program('./start.sh'), true)).toBe('a-kernel-thread');
});

test.each([
  ['python /srv/venv/bin/mybot --live', 'yes'],
  ['/srv/venv/bin/mybot --live', 'yes'],
  ['python /srv/venv/bin/mybot --paper', 'no'],
  ['python /srv/venv/bin/mybot', 'other-words'],
  ['python /srv/other/bin/mybot --live', 'no'],
])('a command that PATH leads to: %s is the bot: %s', (args, match) => {
  expect(matchOf(running(args), program('mybot --live'), null, null)).toBe(match);
});

test('a process that one beat names, and that runs where another bot beats, is in doubt until it beats again', () => {
  const beats = { holdsBeat: (path: string) => path === '/srv/b/logs/heartbeat_status.txt' };
  const wanted = { ...seed, ...beats };
  const other = running('python3 heartbeat.py', { folder: '/srv/b' });
  expect(fitsProgram(other, wanted, true, false)).toBe('another-bot');
  expect(fitsProgram(other, { ...program('./start.sh', /heartbeat/), ...beats }, true, false)).toBe(
    'another-bot',
  );
  expect(fitsProgram(other, wanted, true, true)).toBe('yes');
  expect(fitsProgram({ ...other, folder: '/srv/c' }, wanted, true, false)).toBe('yes');
  const file = { FILE: '/srv/bot/logs/heartbeat_status.txt' };
  expect(fitsProgram({ ...other, environment: file }, wanted, true, false)).toBe('yes');
  const ours = running('python3 /srv/bot/heartbeat.py', { folder: '/srv/b' });
  expect(fitsProgram(ours, wanted, true, false)).toBe('yes');
});
