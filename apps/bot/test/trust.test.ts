import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBot } from './support/bot.ts';
import { headlessChromium } from './support/browser.ts';
import { tempFolder } from './support/site.ts';

const demo = { CHROME_PATH: '/nowhere/chromium', SENTINEL_SPEED: '20', POLLING_INTERVAL_SECONDS: '0.05' };
const isRoot = process.getuid?.() === 0;

let temp: ReturnType<typeof tempFolder>;
let logs: string;
let data: string;
beforeEach(() => {
  temp = tempFolder();
  logs = join(temp.folder, 'logs');
  data = join(logs, 'data');
});
afterEach(() => temp.remove());

const outcomeOf = async (args: readonly string[], env: Record<string, string> = demo) => {
  await using bot = startBot(temp.folder, env, args);
  const { code } = await bot.exited;
  return { code, output: bot.output() };
};

test
  .skipIf(!isRoot)
  .each(
    [[], ['drill', 'hang'], ['drill', 'duplicate'], ['unlock']].map(
      (args) => [args.join(' '), args] as const,
    ),
  )('as root it writes into no folder of another user: sentinel-bot %s', async (_, args) => {
  mkdirSync(logs);
  chownSync(logs, 1201, 1201);
  const { code, output } = await outcomeOf(args);
  expect([code, output]).toEqual([
    2,
    expect.stringMatching(/^[^\n]*user 1201 may write into [^\n]*: run the bot as that user[^\n]*\n$/),
  ]);
  expect(readdirSync(logs)).toEqual([]);
  // Nor into one that it would have to make in a folder of theirs.
  chownSync(logs, 0, 0);
  chownSync(temp.folder, 1201, 1201);
  const above = await outcomeOf(args, {
    ...demo,
    HEARTBEAT_STATUS_FILE: join(temp.folder, 'none', 'status.txt'),
  });
  expect(above.code).toBe(2);
  expect(existsSync(join(temp.folder, 'none'))).toBe(false);
});

test.skipIf(!isRoot)(
  'as root it uses no .env that another user may write: it names programs to run',
  async () => {
    writeFileSync(join(temp.folder, '.env'), 'CHROME_PATH=/tmp/theirs\n');
    chownSync(join(temp.folder, '.env'), 1201, 1201);
    for (const args of [[], ['drill', 'hang'], ['unlock']]) {
      const { code, output } = await outcomeOf(args);
      expect([code, output]).toEqual([2, expect.stringContaining('user 1201 may write')]);
    }
    expect(existsSync(logs)).toBe(false);
  },
);

test.skipIf(process.platform === 'win32').each([
  ['the folder itself', 'logs/data', '../theirs'],
  ['its memory', 'logs/data/bot.db', '../../theirs/x.db'],
  ['the browser profile', 'logs/data/browser-profile', '../../theirs'],
])('what only the bot has to reach is used through no link: %s', async (_, name, target) => {
  const link = join(temp.folder, name);
  mkdirSync(dirname(link), { recursive: true });
  mkdirSync(join(temp.folder, 'theirs'));
  symlinkSync(target, link);
  const { code, output } = await outcomeOf([]);
  expect([code, output]).toEqual([2, expect.stringContaining('is a link, which is not followed')]);
  expect(readdirSync(join(temp.folder, 'theirs'))).toEqual([]);
});

test.skipIf(!isRoot).each(['data', 'data/bot.db', 'data/browser-profile'])(
  'as root it uses no %s of another user',
  async (name) => {
    mkdirSync(join(data, 'browser-profile'), { recursive: true });
    writeFileSync(join(data, 'bot.db'), '');
    chownSync(join(logs, name), 1201, 1201);
    const { code, output } = await outcomeOf([]);
    expect([code, output]).toEqual([2, expect.stringContaining('user 1201 may write')]);
  },
);

test.skipIf(process.platform === 'win32')(
  'the order for a drill follows no link and no other name of a file',
  async () => {
    mkdirSync(data, { recursive: true });
    const victim = join(temp.folder, 'victim');
    writeFileSync(victim, 'as it was');
    symlinkSync(victim, join(data, 'drill.json.tmp'));
    linkSync(victim, join(data, 'drill.json'));
    const { code, output } = await outcomeOf(['drill', 'hang']);
    expect([code, output]).toEqual([1, expect.stringContaining('No bot took the drill')]);
    expect(readFileSync(victim, 'utf8')).toBe('as it was');
  },
);

test.skipIf(process.platform === 'win32').each([
  ['the recorded prices', 'prices.csv', { SENTINEL_PRICES_FILE: 'prices.csv' }, 'is no regular file', 'ends'],
  ['the signals', 'signals.json', { SIGNAL_SOURCE: 'file' }, 'is no regular file', 'goes on'],
  ['a drill', 'logs/data/drill.json', {}, 'Cycle complete', 'goes on'],
] as const)('a pipe in the place of %s is not waited for', async (_, name, env, words, then) => {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  execFileSync('mkfifo', [join(temp.folder, name)]);
  await using bot = startBot(temp.folder, { ...demo, ...env });
  await bot.sees(words);
  if (then === 'ends') expect((await bot.exited).code).toBe(1);
  else expect(await bot.stop()).toEqual({ code: 0, signal: null });
});

test('messages and drills lie in the folder that only the bot has to reach', async () => {
  mkdirSync(logs);
  {
    await using bot = startBot(temp.folder, demo);
    await bot.sees('Cycle complete');
    await bot.stop();
  }
  expect(existsSync(join(data, 'notifications.db'))).toBe(true);
  expect(readdirSync(logs).filter((name) => /notifications|drill/.test(name))).toEqual([]);
});

test.skipIf(headlessChromium === undefined || process.platform !== 'linux')(
  'the browser gets no password of the bot',
  async () => {
    const env = { ...demo, CHROME_PATH: headlessChromium ?? '', BROKER_PASSWORD: 'hunter22-x' };
    await using bot = startBot(temp.folder, env);
    await bot.sees('Login successful');
    const environments = childrenOf(bot.pid);
    expect(environments.length).toBeGreaterThan(0);
    expect(environments.join()).not.toContain('hunter22-x');
    expect(environments.join()).toContain('HOME=');
    await bot.stop();
  },
);

/** The environments of all processes that come of this one. */
const childrenOf = (pid: number): string[] => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children
    .filter((child) => child !== '')
    .flatMap((child) => [readFileSync(`/proc/${child}/environ`, 'utf8'), ...childrenOf(Number(child))]);
};
