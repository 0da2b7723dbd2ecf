import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, openStore, type Store, systemClock } from '@sentinel/history';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { channelOf } from '../core/channel.ts';
import type { HttpAnswer } from '../core/outcome.ts';
import { jsonChannel } from '../webhook/json.ts';
import { createNotifier } from './notifier.ts';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-notifier-'));
  store = openStore(join(folder, 'outbox.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Only the limit of `flush`, and what is asked for, is waited for. */
const sleep: Clock['sleep'] = async (ms, signal) => {
  if (ms === 5000 || ms > 60_000) await systemClock.sleep(Math.min(ms, 10_000), signal);
};

/** A notifier on a network of this test's own, where waits take no time. */
const notifierOn = (answer: (url: string, text: string) => HttpAnswer) => {
  const lines: string[] = [];
  const channels = [
    channelOf(jsonChannel, { url: 'https://one.example/secret' }, { name: 'one' }),
    channelOf(jsonChannel, { url: 'https://two.example/secret' }, { name: 'two', fallback: true }),
  ];
  let passed = 0;
  const clock: Clock = {
    ...systemClock,
    sleep,
    now: () => systemClock.now() + passed,
    monotonic: () => systemClock.monotonic() + passed,
  };
  const notifier = createNotifier({
    store,
    channels,
    log: (line) => lines.push(line),
    clock,
    http: { request: async (url, { body = '' }) => answer(url, JSON.parse(body).text) },
  });
  const pass = (ms: number) => {
    passed += ms;
  };
  return { notifier, lines, pass };
};
const status = (code: number): HttpAnswer => ({ status: code, retryAfterMs: null, body: '' });

test('a test alert for one channel reaches that one, the fallback too, and no other', async () => {
  const urls: string[] = [];
  const { notifier, lines } = notifierOn((url) => status(urls.push(url) > 0 ? 200 : 500));
  for (const channel of ['two', 'none', 'one'])
    notifier.notify({ kind: 'test', bot: 'b', by: 'ann', channel });
  expect(await notifier.flush()).toBe(true);
  await notifier.stop();
  expect(urls.toSorted()).toEqual(['https://one.example/secret', 'https://two.example/secret']);
  expect(lines).toContain('The next test alert reaches nobody: no channel that is used is called none');
});

test('a rung whose channel is dead or gone reaches the others', async () => {
  const urls: string[] = [];
  const { notifier } = notifierOn((url) => {
    if (url.includes('one.')) return { ...status(410), body: 'no_service' };
    urls.push(url);
    return status(200);
  });
  const rung = { kind: 'escalated', bot: 'b', state: 'stale', reason: 'no beat', openForMs: 1 } as const;
  notifier.notify({ ...rung, to: 'gone' });
  expect(await notifier.flush()).toBe(true);
  const before = urls.length;
  notifier.notify({ ...rung, to: 'one' });
  expect(await notifier.flush()).toBe(true);
  await notifier.stop();
  expect(before).toBeGreaterThan(0);
  expect(urls.length).toBeGreaterThan(before);
});

test('notifications reach a channel in their order, through whatever network it is given', async () => {
  const texts: string[] = [];
  const { notifier } = notifierOn((_, text) => status(texts.push(text) === 1 ? 503 : 200));
  notifier.notify({ kind: 'unhealthy', bot: 'bot', state: 'stale', reason: 'no beat' });
  notifier.notify({ kind: 'recovered', bot: 'bot', outageMs: 5000 });
  expect(await notifier.flush()).toBe(true);
  await notifier.stop();
  expect(texts.map((text) => text.split('\n')[0])).toEqual([
    '❌ bot is stale',
    '❌ bot is stale',
    '✅ bot has recovered',
  ]);
});

test('what a channel cannot take goes to the fallback, which is told why, and no line has the address', async () => {
  const texts: string[] = [];
  const { notifier, lines } = notifierOn((url, text) => {
    if (url.includes('one')) return status(404);
    texts.push(text);
    return status(200);
  });
  notifier.notify({ kind: 'test', bot: 'bot', by: 'ann' });
  await expect.poll(() => texts.join('\n')).toContain('Test alert for bot');
  await expect.poll(() => texts.join('\n')).toContain('The notification channel one is dead');
  await notifier.stop();
  expect(notifier.channels()).toMatchObject([{ dead: 'HTTP 404' }, { dead: null }]);
  expect(lines.join('\n')).not.toContain('secret');
});

test('a channel that asks for an hour is left alone for it: the fallback gets what is raised, and is told of it once', async () => {
  let limited = true;
  const asked: string[] = [];
  const { notifier, lines, pass } = notifierOn((url, text) => {
    asked.push(`${url.includes('one.') ? 'one' : 'two'}: ${text.split('\n')[0]}`);
    return url.includes('one.') && limited ? { ...status(429), retryAfterMs: 3_600_000 } : status(200);
  });
  notifier.notify({ kind: 'unhealthy', bot: 'a', state: 'stale', reason: 'no beat' });
  await expect
    .poll(() => asked.toSorted())
    .toEqual([
      'one: ❌ a is stale',
      'two: ❌ The notification channel one takes nothing now',
      'two: ❌ a is stale',
    ]);
  notifier.notify({ kind: 'unhealthy', bot: 'b', state: 'stale', reason: 'no beat' });
  expect(await notifier.flush()).toBe(true);
  expect(asked.slice(3)).toEqual(['two: ❌ b is stale']);
  expect(lines.join('\n')).toContain('is left alone for 1 h (HTTP 429): until then its messages go to two');
  pass(3_600_000);
  limited = false;
  notifier.notify({ kind: 'unhealthy', bot: 'c', state: 'stale', reason: 'no beat' });
  expect(await notifier.flush()).toBe(true);
  await notifier.stop();
  expect(asked.slice(4)).toEqual(['one: ❌ c is stale']);
});

test('a wait that an earlier process was asked for holds in the next one, and mutes nothing', async () => {
  const asked: string[] = [];
  const answer = (url: string) => {
    asked.push(url.includes('one.') ? 'one' : 'two');
    return url.includes('one.') ? { ...status(429), retryAfterMs: 3_600_000 } : status(200);
  };
  const first = notifierOn(answer);
  first.notifier.notify({ kind: 'unhealthy', bot: 'a', state: 'stale', reason: 'no beat' });
  await expect.poll(() => asked.length).toBe(3);
  await first.notifier.stop();
  const { notifier } = notifierOn(answer);
  notifier.notify({ kind: 'unhealthy', bot: 'b', state: 'stale', reason: 'no beat' });
  expect(await notifier.flush()).toBe(true);
  await notifier.stop();
  expect(asked.slice(3)).toEqual(['two']);
});

test('where no channel delivers, what is critical goes to one that is sent other things only', async () => {
  const asked: string[] = [];
  const channels = [
    channelOf(jsonChannel, { url: 'no address' }, { name: 'one' }),
    channelOf(jsonChannel, { url: 'https://two.example/secret' }, { name: 'two', floor: 'escalated' }),
  ];
  const request = async (_url: string, { body = '' }) => {
    asked.push(JSON.parse(body).text.split('\n')[0]);
    return status(200);
  };
  const notifier = createNotifier({ store, channels, log: () => {}, http: { request } });
  notifier.notify({ kind: 'custom', bot: 'a', severity: 'warning', text: 'no trouble' });
  notifier.notify({ kind: 'unhealthy', bot: 'a', state: 'stale', reason: 'no beat' });
  await expect.poll(() => asked, { timeout: 10_000 }).toContain('❌ a is stale');
  await notifier.stop();
  expect(asked.join('\n')).not.toContain('no trouble');
});

test.each([
  [['team'], ['team']],
  [[], ['phone']],
])(
  'that a channel is dead is told to %j beside it, and who is called for the ladder only is not woken: %j',
  async (others, told) => {
    const asked: string[] = [];
    const at = (name: string) => ({ url: `https://${name}.example/secret` });
    const channels = [
      channelOf(jsonChannel, at('dead'), { name: 'dead' }),
      ...others.map((name) => channelOf(jsonChannel, at(name), { name, floor: 'warning' as const })),
      channelOf(jsonChannel, at('phone'), { name: 'phone', floor: 'escalated' }),
    ];
    const request = async (url: string, { body = '' }) => {
      if (url.includes('dead.')) return { ...status(410), body: 'no_service' };
      if (JSON.parse(body).text.includes('channel dead is dead'))
        asked.push(new URL(url).hostname.replace('.example', ''));
      return status(200);
    };
    const notifier = createNotifier({ store, channels, log: () => {}, http: { request } });
    notifier.notify({ kind: 'custom', bot: 'a', severity: 'info', text: 'hello' });
    await expect.poll(() => asked, { timeout: 10_000 }).toEqual(told);
    await notifier.flush();
    await notifier.stop();
    expect(asked).toEqual(told);
  },
);
