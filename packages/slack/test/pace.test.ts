import { expect, test, vi } from 'vitest';
import { usualChannels } from '../src/index.ts';
import { first, note, soon, texts, useDelivery } from './support/delivery.ts';
import { scaledClock } from './support/scaled-clock.ts';
import type { SlackServer } from './support/slack-server.ts';

const { world, slack } = useDelivery();

const gaps = ({ posts }: SlackServer) => posts.slice(1).map(({ at }, index) => at - (posts[index]?.at ?? 0));

test('Retry-After is waited for, however soon a retry would be due', async () => {
  const secondMs = 20;
  const server = await slack(first('rate-limited'));
  const clock = scaledClock(Date.now(), secondMs);
  const notifier = await world().begin(usualChannels({ url: server.url }), { clock, random: () => 0 });
  notifier.notify(note('one'));
  expect(await notifier.flush(2_000_000)).toBe(true);
  // The server asks for three seconds; timers may be a millisecond early.
  expect(gaps(server)[0]).toBeGreaterThanOrEqual(3 * secondMs - 1);
});

test('one message a second is kept to across a restart', async () => {
  // Far longer than a restart takes: a sender that forgot would be seen.
  const secondMs = 800;
  const server = await slack();
  const clock = scaledClock(Date.now(), secondMs);
  for (const text of ['one', 'two']) {
    const notifier = await world().begin(usualChannels({ url: server.url }), { clock });
    notifier.notify(note(text));
    await vi.waitFor(() => expect(texts(server).join()).toContain(text), soon);
  }
  expect(gaps(server)[0]).toBeGreaterThanOrEqual(secondMs - 1);
});

test('what a process before this one may have sent is marked until it is taken, not for one try alone', async () => {
  const server = await slack(first('server-error'));
  await world().begin([]);
  world()
    .store()
    .transact((records) => {
      records.addAlert({ key: 'key', at: Date.now(), body: JSON.stringify(note('one')) }, ['slack']);
      const batch = records.nextBatch('slack', 100, 'batch');
      if (batch !== null) records.beginBatch('slack', batch);
    }, undefined);
  const notifier = await world().begin(usualChannels({ url: server.url }));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(server.posts.map(({ key }) => key)).toEqual(['batch', 'batch']);
  for (const { body } of server.posts) {
    expect(body.text).toContain('may have come before');
    expect(JSON.stringify(body.attachments)).toContain('may have come before');
  }
});

test('what follows a message of which nobody knows whether it came is not marked', async () => {
  const server = await slack(first('close-before-answer'));
  const notifier = await world().begin(usualChannels({ url: server.url }));
  for (const text of ['one', 'two']) notifier.notify(note(text));
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(server.posts.map(({ body }) => body.text.includes('may have come before'))).toEqual([
    false,
    true,
    false,
  ]);
});
