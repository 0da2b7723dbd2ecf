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

/** Only the limit of `flush` is waited for. */
const sleep: Clock['sleep'] = async (ms, signal) => {
  if (ms === 5000) await systemClock.sleep(ms, signal);
};

/** A notifier on a network of this test's own, where waits take no time. */
const notifierOn = (answer: (url: string, text: string) => HttpAnswer) => {
  const lines: string[] = [];
  const channels = [
    channelOf(jsonChannel, { url: 'https://one.example/secret' }, { name: 'one' }),
    channelOf(jsonChannel, { url: 'https://two.example/secret' }, { name: 'two', fallback: true }),
  ];
  const notifier = createNotifier({
    store,
    channels,
    log: (line) => lines.push(line),
    clock: { ...systemClock, sleep },
    http: { request: async (url, { body = '' }) => answer(url, JSON.parse(body).text) },
  });
  return { notifier, lines };
};
const status = (code: number): HttpAnswer => ({ status: code, retryAfterMs: null, body: '' });

test('a test alert for one channel reaches that one, the fallback too, and no other', async () => {
  const urls: string[] = [];
  const { notifier } = notifierOn((url) => status(urls.push(url) > 0 ? 200 : 500));
  for (const channel of ['two', 'none', 'one'])
    notifier.notify({ kind: 'test', bot: 'b', by: 'ann', channel });
  expect(await notifier.flush()).toBe(true);
  await notifier.stop();
  expect(urls.toSorted()).toEqual(['https://one.example/secret', 'https://two.example/secret']);
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
