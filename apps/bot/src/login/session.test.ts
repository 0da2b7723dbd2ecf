import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempFolder } from '../../test/support/site.ts';
import type { LoginOutcome } from '../core/login-policy.ts';
import type { BotEvent } from '../reporter/events.ts';
import { openMemory } from '../store/memory.ts';
import { stages } from './login-method.ts';
import { createSession } from './session.ts';
import { unlockLogin } from './sign-in.ts';

const forever = new AbortController().signal;
const minute = 60_000;
let temp: ReturnType<typeof tempFolder>;
let memory: ReturnType<typeof openMemory>;
let now: number;
/** How the next attempts end; signed in when nothing is said. */
let outcomes: LoginOutcome[];
let there: boolean | Error;
let calls: string[];
let beats: [string, boolean | undefined][];
let events: BotEvent[];

beforeEach(() => {
  temp = tempFolder();
  memory = openMemory(join(temp.folder, 'bot.db'));
  now = Date.UTC(2026, 0, 5);
  outcomes = [];
  there = true;
  calls = [];
  beats = [];
  events = [];
});
afterEach(() => {
  memory.close();
  temp.remove();
});

/** A session of a bot that has just started, over what the ones before it have left on the disk. */
const start = (onStep: (step: string) => void = () => undefined) =>
  createSession({
    login: {
      signIn: async (step) => {
        calls.push('sign in');
        for (const stage of Object.values(stages)) {
          step(stage);
          onStep(stage);
        }
        const outcome: LoginOutcome = outcomes.shift() ?? { kind: 'signed-in' };
        there = outcome.kind === 'signed-in';
        return outcome;
      },
      signedIn: async () => {
        calls.push('look');
        if (there instanceof Error) throw there;
        return there;
      },
      signOut: async () => void calls.push('sign out'),
      close: async () => undefined,
    },
    memory,
    policy: { backoff: { firstMs: 30_000, longestMs: 900_000 }, maxPasswords: 3, shortSessionMs: minute },
    sessionMs: 30 * minute,
    checkMs: minute,
    beat: (status, options) => void beats.push([status, options?.sessionActive]),
    report: async (event) => void events.push(event),
    now: () => now,
  });
const lastFlag = () => beats.findLast(([, flag]) => flag !== undefined)?.[1];
const attempts = () => calls.filter((call) => call === 'sign in').length;

test('session_active becomes true only when the broker has shown the account', async () => {
  expect(await start().keep(forever)).toBe(true);
  expect(beats).toEqual([
    ['⏳ Login - Initialization', false],
    ['⏳ Login - Chrome setup', false],
    ['⏳ Login - Navigation', false],
    ['⏳ Login - Authentication', false],
    ['✅ Login successful', true],
  ]);
});

test('a session is renewed at its time, and is inactive from before the sign-out on', async () => {
  const session = start();
  await session.keep(forever);
  now += 30 * minute;
  beats = [];
  calls = [];
  await session.keep(forever);
  expect(calls).toEqual(['look', 'sign out', 'sign in']);
  expect(beats[0]).toEqual(['🔄 Session renewal', false]);
  expect(lastFlag()).toBe(true);
});

test('the broker is asked once a minute whether the session is still there, and one that is gone shows at once', async () => {
  const session = start();
  await session.keep(forever);
  now += minute - 1;
  await session.keep(forever);
  expect(calls).toEqual(['sign in']);
  there = false;
  outcomes = [{ kind: 'timed-out', during: 'Navigation' }];
  now += 1;
  expect(await session.keep(forever)).toBe(false);
  expect(calls).toEqual(['sign in', 'look', 'sign in']);
  expect(beats).toContainEqual(['❌ Session lost - the broker no longer shows it', false]);
  expect(lastFlag()).toBe(false);
});

test('a broker that cannot be asked does not count as a session', async () => {
  const session = start();
  await session.keep(forever);
  there = new Error('no network');
  session.doubt();
  await session.keep(forever);
  expect(beats).toContainEqual(['❌ Session lost - the broker no longer shows it', false]);
});

test('right before an order a lost session is signed in again, and what was known before counts as old', async () => {
  const session = start();
  expect(await session.confirm(forever)).toBe('renewed');
  expect(await session.confirm(forever)).toBe('held');
  there = false;
  now += 2 * minute;
  expect(await session.confirm(forever)).toBe('renewed');
  outcomes = [{ kind: 'wrong-password' }];
  session.forget();
  now += 10 * minute;
  expect(await session.confirm(forever)).toBe('none');
});

test('a captcha asks a person once, and no restart of the bot tries again until somebody has looked', async () => {
  outcomes = [{ kind: 'needs-person', what: 'captcha' }];
  const first = start();
  for (let round = 0; round < 3; round += 1) expect(await first.keep(forever)).toBe(false);
  for (let restart = 0; restart < 3; restart += 1) {
    now += 60 * minute;
    expect(await start().keep(forever)).toBe(false);
  }
  expect(attempts()).toBe(1);
  expect(beats.at(-1)).toEqual(['❌ Login needs a person - the broker asks for a captcha', false]);
  expect(events.filter(({ kind }) => kind === 'login-failure')).toHaveLength(1);
  unlockLogin(memory);
  expect(await start().keep(forever)).toBe(true);
  expect(events.at(-1), 'who was asked hears of the end').toMatchObject({
    kind: 'login-success',
    ends: 'critical',
  });
  expect(await start().keep(forever)).toBe(true);
  expect(events.at(-1)).toEqual({ kind: 'login-success', already: false });
});

test('a bot that is restarted in the middle of each password sends three of them and no more', async () => {
  for (let restart = 0; restart < 10; restart += 1) {
    const stop = new AbortController();
    const bot = start((step) => step === stages.authentication && stop.abort());
    await bot.keep(stop.signal);
    now += 60 * minute;
  }
  expect(attempts()).toBe(3);
});

test('refused passwords wait 30 s, then a minute, also over restarts, and the third is the last', async () => {
  outcomes = [{ kind: 'wrong-password' }, { kind: 'wrong-password' }, { kind: 'wrong-password' }];
  const seconds: number[] = [];
  for (let second = 0; second < 600; second += 1) {
    const before = attempts();
    await start().keep(forever);
    if (attempts() > before) seconds.push(second);
    now += 1000;
  }
  expect(seconds).toEqual([0, 30, 90]);
  expect(beats.at(-1)?.[0]).toContain('Login needs a person - the password was sent 3 times');
});

test('two that end each other’s session do not race for it', async () => {
  const session = start();
  for (let second = 0; second < 300; second += 1) {
    await session.keep(forever);
    session.forget();
    now += 1000;
  }
  expect(attempts()).toBe(4);
});
