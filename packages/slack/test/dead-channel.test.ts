import type { Notification } from '@sentinel/notify';
import { expect, test, vi } from 'vitest';
import { usualChannels } from '../src/index.ts';
import { first, note, soon, texts, useDelivery, words } from './support/delivery.ts';

const { world, slack } = useDelivery();

test.each(['no_service', 'gone', 'forbidden'] as const)(
  'a channel that answers %s is dead: one post, then none, and it is said',
  async (behaviour) => {
    const server = await slack({ behave: () => behaviour });
    const notifier = await world().begin(usualChannels({ url: server.url }));
    notifier.notify(note('one'));
    expect(await notifier.flush(2_000_000)).toBe(true);
    notifier.notify(note('two'));
    await notifier.flush(2_000_000);
    expect(server.posts).toHaveLength(1);
    expect(world().said('is not used until')).toBe(1);
    expect(notifier.channels()).toMatchObject([{ name: 'slack', dead: expect.stringContaining('HTTP 4') }]);
    expect(world().facts()).toMatchObject([{ name: 'slack', pending: 2, deadSince: expect.any(Number) }]);
    expect(world().counts()).toContainEqual({ channel: 'slack', result: 'refused', count: 1 });
  },
);

test('a dead channel is tried again after a restart, and what waited arrives in order', async () => {
  const server = await slack(first('no_service', 'no_service'));
  for (const text of ['one', 'two', 'three']) {
    const notifier = await world().begin(usualChannels({ url: server.url }));
    notifier.notify(note(text));
    await notifier.flush(2_000_000);
  }
  expect(words(/one|two|three/, texts(server))).toEqual(['one', 'two', 'three']);
  expect(world().facts()).toMatchObject([{ deadSince: null, pending: 0 }]);
});

test('a dead channel is forgotten with a new address', async () => {
  const dead = await slack({ behave: () => 'gone' });
  const notifier = await world().begin(usualChannels({ url: dead.url }));
  notifier.notify(note('one'));
  await notifier.flush(2_000_000);
  const server = await slack();
  const again = await world().begin(usualChannels({ url: server.url }));
  expect(world().facts()).toMatchObject([{ deadSince: null }]);
  await again.flush(2_000_000);
  expect(texts(server)).toHaveLength(1);
});

test('a dead channel hands over to the fallback, which gets JSON and hears why', async () => {
  const server = await slack({ behave: () => 'no_service' });
  const fallback = await slack();
  const notifier = await world().begin(usualChannels({ url: server.url, fallbackUrl: fallback.url }));
  notifier.notify(note('one'));
  await notifier.flush(2_000_000);
  notifier.notify(note('two'));
  await vi.waitFor(async () => {
    await notifier.flush();
    expect(fallback.posts).toHaveLength(3);
  }, soon);
  expect(server.posts).toHaveLength(1);
  const told = fallback.posts.flatMap(({ body }) => body.notifications as Notification[]);
  expect(told).toMatchObject([{ text: 'one' }, { kind: 'channel-dead', channel: 'slack' }, { text: 'two' }]);
  expect(world().counts()).toContainEqual({ channel: 'slack', result: 'rerouted', count: 1 });
});

test('a channel that is still dead after a restart hands over what is new', async () => {
  const server = await slack({ behave: () => 'no_service' });
  const fallback = await slack();
  for (const text of ['one', 'two']) {
    const notifier = await world().begin(usualChannels({ url: server.url, fallbackUrl: fallback.url }));
    notifier.notify(note(text));
    await vi.waitFor(async () => {
      await notifier.flush();
      expect(texts(fallback).join()).toContain(text);
    }, soon);
  }
  expect(world().facts()).toMatchObject([
    { name: 'fallback', pending: 0 },
    { name: 'slack', pending: 0 },
  ]);
  expect(texts(fallback).filter((text) => text.includes('is dead'))).toHaveLength(1);
});

test('a fallback that is set after the death gets what waited', async () => {
  const server = await slack({ behave: () => 'no_service' });
  const alone = await world().begin(usualChannels({ url: server.url }));
  alone.notify(note('one'));
  await alone.flush(2_000_000);
  const fallback = await slack();
  await world().begin(usualChannels({ url: server.url, fallbackUrl: fallback.url }));
  await vi.waitFor(() => expect(texts(fallback).join()).toContain('one'), soon);
});

/** Refuses what contains the word, in every form. */
const refusing = (word: RegExp) => ({
  behave: ({ body }: { body: { text: string } }) =>
    word.test(body.text) ? ('invalid_payload' as const) : ('ok' as const),
});

test('a message that is refused in every form is given up, and those behind it arrive', async () => {
  const server = await slack(refusing(/poison/));
  const notifier = await world().begin(usualChannels({ url: server.url }));
  for (const text of ['one', 'poison', 'two']) notifier.notify(note(text));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(words(/one|poison|two/, texts(server))).toEqual(['one', 'two']);
  expect(server.posts).toHaveLength(4);
  expect(world().said('as plain text too (HTTP 400 invalid_payload): it is given up')).toBe(1);
  expect(notifier.channels()).toEqual([{ name: 'slack', dead: null }]);
  expect(world().facts()).toMatchObject([{ pending: 0, deadSince: null }]);
});

test('a message that is refused in every form goes to the fallback', async () => {
  const server = await slack(refusing(/poison/));
  const fallback = await slack();
  const notifier = await world().begin(usualChannels({ url: server.url, fallbackUrl: fallback.url }));
  for (const text of ['poison', 'one']) notifier.notify(note(text));
  await vi.waitFor(() => expect(texts(fallback).join()).toContain('poison'), soon);
  await vi.waitFor(() => expect(texts(server).join()).toContain('one'), soon);
  expect(fallback.posts).toHaveLength(1);
});

test('a fallback that stands for nothing else gets everything', async () => {
  const fallback = await slack();
  const notifier = await world().begin(usualChannels({ fallbackUrl: fallback.url }));
  notifier.notify(note('one'));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(words(/one/, texts(fallback))).toEqual(['one']);
  expect(world().said('No notification channel is set up')).toBe(0);
});

test('a webhook that refuses three messages in a row in every form is dead', async () => {
  const server = await slack(refusing(/./));
  const notifier = await world().begin(usualChannels({ url: server.url }));
  for (const text of ['one', 'two', 'three', 'four']) notifier.notify(note(text));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(server.posts).toHaveLength(6);
  expect(notifier.channels()).toMatchObject([{ dead: 'HTTP 400 invalid_payload' }]);
  expect(world().facts()).toMatchObject([{ pending: 2, deadSince: expect.any(Number) }]);
});

test('refusals with a message between them that is taken do not add up', async () => {
  const server = await slack(refusing(/poison/));
  const notifier = await world().begin(usualChannels({ url: server.url }));
  for (const text of ['poison', 'one', 'poison', 'two', 'poison', 'three']) notifier.notify(note(text));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(words(/one|two|three/, texts(server))).toEqual(['one', 'two', 'three']);
});

test('a proxy that goes on answering in Slack’s place: the fallback gets what waits, and Slack is tried with each message', async () => {
  let through = false;
  const server = await slack({ behave: () => (through ? 'ok' : 'forbidden-page') });
  const fallback = await slack();
  const notifier = await world().begin(usualChannels({ url: server.url, fallbackUrl: fallback.url }));
  for (const text of ['one', 'two']) {
    notifier.notify(note(text));
    await vi.waitFor(() => expect(texts(fallback).join()).toContain(text), soon);
  }
  expect(server.posts).toHaveLength(4);
  expect(notifier.channels()).toMatchObject([{ dead: null }, { dead: null }]);
  through = true;
  notifier.notify(note('three'));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(words(/one|two|three/, texts(server))).toEqual(['three']);
});
