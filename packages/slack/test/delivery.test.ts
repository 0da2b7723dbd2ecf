import { join } from 'node:path';
import { inspect } from 'node:util';
import { openStore } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import { afterEach, expect, test, vi } from 'vitest';
import { usualChannels } from '../src/index.ts';
import { first, note, soon, texts, useDelivery, words } from './support/delivery.ts';
import { secret } from './support/slack-server.ts';
import { selfSigned } from './support/world.ts';

const { world, slack } = useDelivery();

/** The library as a bundle spoiled it once, or on a machine that is short of something. */
const faulty = vi.hoisted(() => ({ on: false, short: '' }));
vi.mock('@slack/webhook', async (original) => {
  const library = await original<typeof import('@slack/webhook')>();
  class IncomingWebhook extends library.IncomingWebhook {
    constructor(...args: ConstructorParameters<typeof library.IncomingWebhook>) {
      super(...args);
      if (faulty.on) throw new TypeError('IncomingWebhook is not a constructor');
      if (faulty.short !== '')
        throw Object.assign(new Error(`${faulty.short}: open 'some file'`), { code: faulty.short });
    }
  }
  return { ...library, IncomingWebhook };
});
afterEach(() => {
  faulty.on = false;
  faulty.short = '';
});

const passing = [
  'rate-limited',
  'server-error',
  'hang',
  'close-before-answer',
  'page',
  'redirect',
  'forbidden-page',
] as const;
test.each(passing)('%s: the message is sent again, and those behind it wait', async (behaviour) => {
  const server = await slack(first(behaviour, behaviour));
  const notifier = await world().begin(usualChannels({ url: server.url }));
  for (const text of ['one', 'two', 'three']) notifier.notify(note(text));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(server.posts).toHaveLength(5);
  expect(words(/one|two|three/, texts(server))).toEqual(['one', 'two', 'three']);
  expect(new Set(server.posts.slice(0, 3).map(({ key }) => key)).size).toBe(1);
  expect(world().said('did not accept the message')).toBe(1);
  expect(world().said('delivers again')).toBe(1);
});

test('a yes that breaks off is none: the message is sent again under its key, marked', async () => {
  const server = await slack(first('close-mid-answer'));
  const notifier = await world().begin(usualChannels({ url: server.url }));
  notifier.notify(note('one'));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(server.posts).toHaveLength(2);
  expect(new Set(server.posts.map(({ key }) => key)).size).toBe(1);
  expect(texts(server)[1]).toContain('may have come before');
});

test('a page instead of a yes, a redirect and a refusal of a proxy are told as what they are', async () => {
  const server = await slack(first('page', 'redirect', 'forbidden-page', 'too-large-page'));
  const notifier = await world().begin(usualChannels({ url: server.url }));
  notifier.notify(note('one'));
  expect(await notifier.flush(2_000_000)).toBe(true);
  for (const told of [
    "HTTP 200, but not Slack's ok: a page of HTML",
    'HTTP 302, a redirect',
    "HTTP 403, not in Slack's words: a page of HTML",
    "HTTP 413, not in Slack's words: a page of HTML",
  ])
    expect(world().said(told), told).toBe(1);
  expect(world().lines.join()).not.toMatch(/Error|dead/);
  expect(texts(server)[0], 'a shorter form may pass').toContain('sent as plain text');
  expect(world().counts()).toContainEqual({ channel: 'slack', result: 'foreign', count: 4 });
});

test('what is refused is not sent again: the channel counts as dead until it takes the plain text that tells the same', async () => {
  let answer: 'ok' | 'server-error' = 'server-error';
  const server = await slack({
    behave: ({ body }) => (body.attachments === undefined ? answer : 'invalid_payload'),
  });
  const notifier = await world().begin(usualChannels({ url: server.url }));
  notifier.notify(note('one'));
  await vi.waitFor(() => expect(server.posts.length).toBeGreaterThan(1), soon);
  expect(world().facts()).toMatchObject([
    { deadSince: expect.any(Number), deadReason: 'HTTP 400 invalid_payload', pending: 1 },
  ]);
  expect(world().said('(HTTP 400 invalid_payload) and counts as dead')).toBe(1);

  answer = 'ok';
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(server.posts.filter(({ body }) => body.attachments !== undefined)).toHaveLength(1);
  expect(Object.keys(server.posts.at(-1)?.body ?? {})).toEqual(['text']);
  expect(texts(server)).toEqual([expect.stringMatching(/one[\s\S]*its usual form was refused, HTTP 400/)]);
  expect(world().said('no longer dead')).toBe(1);
  expect(world().facts()).toMatchObject([{ deadSince: null, pending: 0 }]);
});

test('each channel has its floor, and who heard of an outage hears of its end', async () => {
  const all = await slack();
  const loud = await slack();
  const fallback = await slack();
  const channels = usualChannels({ url: all.url, criticalUrl: loud.url, fallbackUrl: fallback.url });
  const notifier = await world().begin(channels);
  notifier.notify(note('quiet'));
  notifier.notify({ kind: 'unhealthy', bot: 'bot', state: 'stale', reason: 'no beat' });
  notifier.notify({ kind: 'recovered', bot: 'bot', outageMs: 5000 });
  notifier.notify({ kind: 'test', bot: 'bot', by: 'ann' });
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect([all, loud, fallback].map(({ posts }) => posts.length)).toEqual([4, 3, 0]);
});

test('the end of what was critical reaches the critical channel, as good news', async () => {
  const loud = await slack();
  const notifier = await world().begin(usualChannels({ criticalUrl: loud.url }));
  notifier.notify(note('quiet'));
  notifier.notify({ kind: 'custom', bot: 'bot', severity: 'info', ends: 'critical', text: 'it is over' });
  notifier.notify({ kind: 'login-success', bot: 'bot', ends: 'critical' });
  notifier.notify({ kind: 'login-success', bot: 'bot' });
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(texts(loud)).toEqual([
    expect.stringMatching(/^✅ bot\nit is over/),
    expect.stringMatching(/^✅ bot is signed in/),
  ]);
  expect(JSON.stringify(loud.posts[0]?.body.attachments)).toContain('#2eb67d');
});

test('more than ten that wait become one summary that lists them', async () => {
  const server = await slack();
  const notifier = await world().begin(usualChannels({ url: server.url }));
  for (let n = 0; n < 11; n += 1) notifier.notify(note(`number ${n};`));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(server.posts).toHaveLength(1);
  for (let n = 0; n < 11; n += 1) expect(server.posts[0]?.body.text).toContain(`number ${n};`);
});

test('a certificate that is not to be trusted is told as such, and nothing is posted', async () => {
  const server = await slack({ tls: selfSigned(world().folder) });
  const notifier = await world().begin(usualChannels({ url: server.url }));
  notifier.notify(note('one'));
  await vi.waitFor(() => expect(world().said('DEPTH_ZERO_SELF_SIGNED_CERT')).toBe(1), soon);
  expect(server.posts).toHaveLength(0);
  expect(world().facts()).toMatchObject([
    { pending: 1, lastFailure: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') },
  ]);
});

test('nobody at the other end, no such host, no URL at all: told without the address', async () => {
  const server = await slack();
  await server.stop();
  const elsewhere = `https://sentinel.invalid/services/${secret}`;
  const notifier = await world().begin(
    usualChannels({ url: server.url, criticalUrl: elsewhere, fallbackUrl: `no url ${secret}` }),
  );
  notifier.notify(note('one', 'critical'));
  await vi.waitFor(() => expect(world().said('(ECONNREFUSED, nothing listens')).toBe(1), soon);
  await vi.waitFor(
    () =>
      expect(world().lines.join()).toMatch(
        /slack-critical did not accept the message \((ENOTFOUND|EAI_AGAIN)/,
      ),
    soon,
  );
  expect(world().said('(its address is no URL): it is not used until')).toBe(1);
  expect(inspect(notifier, { depth: 20, showHidden: true })).not.toContain(secret);
});

test('a notification lands with the transaction that it is raised in, or not at all', async () => {
  const server = await slack();
  const notifier = await world().begin(usualChannels({ url: server.url }));
  const raise = (text: string, fail: boolean) =>
    world()
      .store()
      .transact(() => {
        notifier.notify(note(text));
        if (fail) throw new Error('after all');
        return true;
      }, false);
  expect([raise('never', true), raise('landed', false)]).toEqual([false, true]);
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(texts(server)).toHaveLength(1);
  expect(texts(server)[0]).toContain('landed');
});

test('without a journal that can be used alerts go out from memory, in order', async () => {
  const server = await slack(first('server-error'));
  await world().begin([]);
  const nowhere = openStore(join(world().folder, 'outbox.db', 'no-folder.db'), { restMs: 0 });
  const notifier = await world().begin(usualChannels({ url: server.url }), { store: nowhere });
  for (const text of ['one', 'two']) notifier.notify(note(text));
  await vi.waitFor(() => expect(server.taken().length).toBeGreaterThanOrEqual(3), soon);
  expect(texts(server).join('\n')).toMatch(/journal cannot be used[\s\S]*one[\s\S]*two/);
  expect(await notifier.flush(2_000_000)).toBe(true);
});

test('a fault within a delivery does not end the delivery', async () => {
  const server = await slack(first('server-error'));
  let faults = 0;
  const random = () => {
    faults += 1;
    if (faults === 1) throw new Error('a fault');
    return 0;
  };
  const notifier = await world().begin(usualChannels({ url: server.url }), { random });
  for (const text of ['one', 'two']) notifier.notify(note(text));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(words(/one|two/, texts(server))).toEqual(['one', 'two']);
  expect(texts(server)[0], 'nobody saw the answer').toContain('may have come before');
  expect(world().said('failed with a fault of Sentinel (Error: a fault)')).toBe(1);
});

test('a fault that lasts is not tried for ever: the fallback gets what waits, and it is said and counted', async () => {
  const server = await slack();
  const fallback = await slack();
  const notifier = await world().begin(usualChannels({ url: server.url, fallbackUrl: fallback.url }));
  faulty.on = true;
  notifier.notify(note('one'));
  await vi.waitFor(() => expect(texts(fallback).join()).toContain('one'), soon);
  expect(server.posts).toHaveLength(0);
  const reason = 'a fault of this program: TypeError: IncomingWebhook is not a constructor';
  expect(notifier.channels()).toContainEqual({ name: 'slack', dead: reason });
  expect(world().said(`slack is dead (${reason}): it is not used until`)).toBe(1);
  expect(world().counts()).toContainEqual({ channel: 'slack', result: 'fault', count: 5 });
});

test('what the machine is short of is a try that failed, for as long as it lasts, and no fault of the program', async () => {
  const server = await slack();
  const notifier = await world().begin(usualChannels({ url: server.url }));
  faulty.short = 'EMFILE';
  notifier.notify(note('one'));
  await vi.waitFor(
    () =>
      expect(
        world()
          .counts()
          .find(({ result }) => result === 'network')?.count ?? 0,
      ).toBeGreaterThan(6),
    soon,
  );
  expect(notifier.channels()).toEqual([{ name: 'slack', dead: null }]);
  faulty.short = '';
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(words(/one/, texts(server))).toEqual(['one']);
  expect(world().said('too many open files: raise the limit of the process')).toBe(1);
});

test('a severity and a kind that nobody knows are taken for warnings, and arrive', async () => {
  const server = await slack();
  const loud = await slack();
  const notifier = await world().begin(usualChannels({ url: server.url, criticalUrl: loud.url }));
  notifier.notify({ kind: 'custom', bot: 'bot', severity: 'error' as 'info', text: 'one' });
  const odd = { kind: 'of-nobody', bot: 'bot', at: 'noon' };
  expect(notifier.keep(odd as unknown as Notification)).toBe('disk');
  expect(notifier.keep(null as unknown as Notification)).toBe('nowhere');
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(texts(server)).toEqual([
    expect.stringMatching(/^⚠️ bot\none/),
    expect.stringContaining('of the kind of-nobody whose facts'),
  ]);
  expect(loud.posts).toEqual([]);
});
