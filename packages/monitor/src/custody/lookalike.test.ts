import { expect, test } from 'vitest';
import { isEarlierRelease, isRenamed, patternOfTitle, withoutLookalikes } from './lookalike.ts';
import type { Memory } from './memory.ts';
import type { Process } from './process.ts';

test.each([
  [['trader'], '/usr/bin/node', true],
  [['trader', '', ''], '/usr/bin/node', true],
  [['trading-bot: main'], '/usr/bin/python3.11', true],
  [['trader', 'index.js'], '/usr/bin/node', false],
  [['node'], '/usr/bin/node', false],
  [['bash'], '/usr/bin/bash', false],
  [['trader'], null, false],
  [[], '/usr/bin/node', false],
  [null, '/usr/bin/node', false],
] as const)('a process with the words %j that runs %s has a title in their place: %s', (args, exe, is) => {
  expect(isRenamed({ args, exe })).toBe(is);
});

test.each([
  [['my-bot'], '^my-bot'],
  [['my.bot: tick 5', '', ''], '^my\\.bot'],
  [['bot (BTC)'], '^bot'],
])('a process with the title %j is found by %s', (args, pattern) => {
  expect(patternOfTitle({ args })).toBe(pattern);
  expect(new RegExp(pattern).test(args.join(' '))).toBe(true);
});

test('what an earlier release runs may be the bot, where the command goes through the link that was switched', () => {
  const real = (path: string) => path.replace('/srv/current', '/srv/releases/2').replace(/^\/home/, '/data');
  const is = (path: string, wanted: string) => isEarlierRelease(path, wanted, { real });
  expect(is('/srv/releases/1/bot.py', '/srv/current/bot.py')).toBe(true);
  expect(is('/srv/releases/1/other.py', '/srv/current/bot.py')).toBe(false);
  expect(is('/srv/other/bot.py', '/srv/current/bot.py')).toBe(false);
  expect(is('/srv/releases/1/bot.py', '/srv/releases/2/bot.py')).toBe(false);
  // A link above the folder is no release: these are two projects.
  expect(is('/data/x/a/bot.py', '/home/x/b/bot.py')).toBe(false);
});

const process = (pid: number, args: readonly string[]): Process => ({
  ...{ pid, parent: 1, group: pid, uid: 0, startedUp: 1, mark: pid, terminal: false, namespace: null },
  ...{ args, folder: '/srv/releases/1', exe: '/usr/bin/python3', environment: {} },
});
const titled = process(7, ['trader']);
const earlier = process(8, ['python3', 'bot.py']);
const other = process(9, ['python3', '-']);
const daemon = { ...process(10, ['python3', 'bot.py']), folder: '/' };
const program = {
  folder: '/srv/current',
  file: '/srv/current/logs/heartbeat_status.txt',
  real: (path: string) => path.replace('/srv/current', '/srv/releases/2'),
  exists: (path: string) => path.endsWith('/bot.py') && path !== '/bot.py',
  shape: { kind: 'script', family: 'python', script: 'bot.py' },
} as unknown as Parameters<typeof withoutLookalikes>[2];
const memory = (over: { known?: Process; pid?: number; programs?: readonly Process[]; searched?: true }) =>
  ({
    last: { known: over.known ?? null, record: { pid: over.pid } },
    scan: { programs: over.programs ?? [], search: over.searched === true ? { of: 'x', finds: true } : null },
  }) as unknown as Memory;

test.each<[string, Memory | null, matches: readonly Process[], left: readonly number[]]>([
  ['where the bot has never been seen', memory({}), [], [10]],
  ['where another one was found before, and is not now', memory({ searched: true }), [], [10]],
  ['not where it is found now', memory({}), [process(3, [])], []],
  ['not where a beat names its process', memory({ pid: 3 }), [], []],
  ['not where nothing has ever beaten', null, [], []],
  ['not where it was found while the bot beat', memory({ programs: [daemon] }), [], []],
])('a process that only names the program is a doubt: %s', (_words, kept, matches, left) => {
  const { unverified } = withoutLookalikes({ matches, unverified: [], beside: [daemon] }, kept, program);
  expect(unverified.map(({ pid }) => pid)).toEqual(left);
});

test.each<[string, Memory | null, matches: readonly Process[], left: readonly number[]]>([
  ['where the bot has never been seen', memory({}), [], [9]],
  ['not where nothing has ever beaten', null, [], []],
  ['not where it is found by its words', memory({}), [process(3, [])], []],
  ['not where it was found by them before', memory({ searched: true }), [], []],
])('an interpreter in the folder of the bot is a doubt: %s', (_words, kept, matches, left) => {
  const { unverified } = withoutLookalikes({ matches, unverified: [], beside: [other] }, kept, program);
  expect(unverified.map(({ pid }) => pid)).toEqual(left);
});

test.each<[string, Memory | null, matches: readonly Process[], left: readonly number[]]>([
  ['where nothing has ever beaten, one with a title is another program', null, [], [8, 9]],
  ['a bot that was never found by its words may have a title', memory({}), [], [7, 8, 9]],
  ['a bot that its beats name is not one with a title', memory({ known: process(3, []) }), [], [8, 9]],
  ['nor is one that is found by its words', memory({}), [process(3, [])], [8, 9]],
  ['or was found by them before', memory({ searched: true }), [], [8, 9]],
  [
    'what was found while the bot beat is what it was',
    memory({ programs: [titled, earlier, other] }),
    [],
    [9],
  ],
])('what is left in doubt: %s', (_, known, matches, left) => {
  const found = withoutLookalikes({ matches, unverified: [titled, earlier, other], more: 1 }, known, program);
  expect(found.unverified.map(({ pid }) => pid)).toEqual(left);
  expect(found).toMatchObject({ matches, more: 1 });
});
