import { expect, test } from 'vitest';
import { isEarlierRelease, isRenamed } from './lookalike.ts';

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
