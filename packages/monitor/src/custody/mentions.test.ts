import { expect, test } from 'vitest';
import { commandShape } from './command-shape.ts';
import { mayMention, mentions } from './mentions.ts';
import type { Process } from './process.ts';
import { mayRun, type Program } from './program.ts';

const files = [
  '/srv/bot/heartbeat.py',
  '/srv/bot/heartbeat.js',
  '/srv/else/heartbeat.py',
  '/opt/celery.py',
  '/srv/second/logs/heartbeat_status.txt',
];
const program = (command: string): Program => ({
  ...{ shape: commandShape(command), pattern: null, found: null, named: null, folder: '/srv/bot' },
  file: '/srv/bot/logs/heartbeat_status.txt',
  real: (path) => path.replace('/opt/link', '/srv/bot'),
  exists: (path) => files.includes(path.replace('/opt/link', '/srv/bot')),
  holdsBeat: (path) => path.endsWith('/logs/other.txt'),
  viewOf: (pid) => (pid === 600 ? 'other' : 'same'),
});
const running = (args: string, over: Partial<Process> = {}): Process => ({
  ...{ pid: 500, parent: 1, group: 500, uid: 1000, startedUp: 0, mark: 0, terminal: false, namespace: null },
  ...{ args: args.split(' '), folder: '/', exe: null, environment: {}, ...over },
});
const of = (args: string, over: Partial<Process> = {}, command = 'python3 heartbeat.py') => {
  const process = running(args, over);
  const is = mentions(process, program(command));
  // What is not listed is not seen.
  if (is) expect(mayRun(process.args ?? [], program(command))).toBe(true);
  return is;
};

test.each([
  // It went to another folder after its start.
  ['python3 heartbeat.py', {}],
  ['python3 -u ./heartbeat.py --debug', { folder: '/srv/bot/data' }],
  ['python3 -m heartbeat', {}],
  // An interpreter under a name of its own.
  ['./mybot heartbeat.py', { folder: '/srv/bot', exe: '/srv/bot/mybot' }],
  ['/srv/bot/mybot /srv/bot/heartbeat.py', { exe: '/srv/bot/mybot' }],
  ['./mybot -m heartbeat', { folder: '/srv/bot' }],
  ['/lib64/ld-linux-x86-64.so.2 /usr/bin/python3.11 heartbeat.py', { folder: '/srv/bot' }],
  // A launcher that is given it.
  ['python3 /opt/celery.py -A heartbeat worker', {}],
  ['python3 /opt/celery.py --app=heartbeat:run', {}],
  ['python3 /opt/celery.py bots.heartbeat', {}],
  ['python3 -m pdb /opt/link/heartbeat.py', {}],
  ['python3 -c import_sys;sys.path.insert(0,"/srv/bot");import/heartbeat', {}],
  // A file that is only open, where it was started in the bot's folder.
  ['python3 /dev/fd/3', { environment: { PWD: '/srv/bot' } }],
  ['python3 /proc/self/fd/3', { environment: null }],
  ['python3 heartbeat.py', { folder: null }],
] as const)('%s with %j names the bot', (args, over) => {
  expect(of(args, over)).toBe(true);
});

test.each([
  ['another file of that name', 'python3 /srv/else/heartbeat.py', {}],
  ['another file of that name', 'python3 heartbeat.py', { folder: '/srv/else' }],
  ['another file of that name', './mybot heartbeat.py', { folder: '/srv/else' }],
  ['another file of that name', 'python3 /opt/celery.py /srv/else/heartbeat.py', {}],
  ['the bot of another folder', 'python3 /opt/celery.py -A heartbeat', { folder: '/srv/second' }],
  ['the bot of another file', './mybot heartbeat.py', { environment: { HB: '/x/logs/other.txt' } }],
  ['the program itself, which is judged by that', 'python3 /srv/bot/heartbeat.py', {}],
  ['another program', 'python3 /opt/celery.py -A other', {}],
  ['another program', 'python3 -c import_json', {}],
  ['another program', 'python3 -', {}],
  ['another program', 'python3 /dev/fd/3', { environment: { PWD: '/srv/else' } }],
  ['another program', '/usr/bin/tool heartbeat', {}],
  ['another interpreter', 'node heartbeat.py', {}],
  ['a client of a container', 'docker run image heartbeat.py', {}],
] as const)('%s is none: %s with %j', (_words, args, over) => {
  expect(of(args, over)).toBe(false);
});

test('two bots of one program are told apart by words and by variables, as far as these are seen', () => {
  const account = 'python3 heartbeat.py --account a';
  expect(of('./mybot heartbeat.py --account a', {}, account)).toBe(true);
  expect(of('./mybot heartbeat.py', {}, account)).toBe(true);
  expect(of('./mybot heartbeat.py --account b', {}, account)).toBe(false);
  const byVariable = 'ACCOUNT=a python3 heartbeat.py';
  expect(of('./mybot heartbeat.py', { environment: { ACCOUNT: 'b' } }, byVariable)).toBe(false);
  expect(of('./mybot heartbeat.py', {}, byVariable)).toBe(true);
});

test('a bot of Node is named by its file, and a module by its last part', () => {
  expect(of('node heartbeat.js', {}, 'node heartbeat.js')).toBe(true);
  expect(of('node /opt/runner.js ./heartbeat.js', {}, 'node heartbeat.js')).toBe(true);
  expect(of('./mybot heartbeat.py', {}, 'python3 -m heartbeat')).toBe(true);
});

test('an installed module runs in any folder: that it is not there says nothing', () => {
  expect(of('python3 -m freqtrade', {}, 'python3 -m freqtrade')).toBe(false);
});

test('where the command does not say what it runs nothing names it', () => {
  expect(mayMention(['mybot', 'heartbeat.py'], commandShape('./start.sh'))).toBe(false);
  expect(of('./mybot heartbeat.py', {}, './start.sh')).toBe(false);
});
