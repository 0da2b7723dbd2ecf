import { expect, test } from 'vitest';
import { usualChannels } from '../src/index.ts';
import { note, texts, useDelivery, words } from './support/delivery.ts';
import { scaledClock } from './support/scaled-clock.ts';

const { world, slack } = useDelivery();
const dayMs = 24 * 60 * 60_000;

/** Two notifications that Slack has not taken when the sender ends. */
const leaveTwo = async () => {
  let behaviour: 'ok' | 'server-error' = 'server-error';
  const server = await slack({ behave: () => behaviour });
  const notifier = await world().begin(usualChannels({ url: server.url }));
  for (const text of ['one', 'two']) notifier.notify(note(text));
  await notifier.flush(50);
  await notifier.stop();
  behaviour = 'ok';
  return server;
};

test.each([
  ['without an address', { channels: [] }, 'not-set-up', 'No notification channel is set up'],
  ['with notifications off', { off: true }, 'off', 'Notifications are off'],
])('what waits outlives a run %s, which says so', async (_, more, absence, line) => {
  const server = await leaveTwo();
  const channels = usualChannels({ url: server.url });
  const posts = server.posts.length;
  const without = await world().begin(channels, more);
  without.notify(note('three'));
  await without.flush();
  expect(world().facts()).toMatchObject([{ name: 'slack', pending: 2, deadSince: null, absence }]);
  expect(world().said(line)).toBe(1);
  expect(world().said('2 notifications waiting for the channel slack')).toBe(1);
  expect(world().said('three'), 'it is logged').toBe(1);
  expect(server.posts).toHaveLength(posts);

  const again = await world().begin(channels);
  expect(await again.flush(2_000_000)).toBe(true);
  expect(words(/one|two|three/, texts(server))).toEqual(['one', 'two']);
  expect(world().facts()).toMatchObject([{ pending: 0, absence: null, lastFailure: null }]);
});

test('what has waited for thirty days for a channel that is not set up is given up, and that is said', async () => {
  await leaveTwo();
  const later = scaledClock(Date.now(), 10);
  const clock = { ...later, now: () => later.now() + 31 * dayMs };
  await world().begin([], { clock });
  expect(world().facts()).toEqual([]);
  expect(world().counts()).toContainEqual({ channel: 'slack', result: 'expired', count: 2 });
  expect(world().said('2 notifications for the channel slack given up')).toBe(1);
});

test('what has waited for thirty days for a channel that is set up is still sent', async () => {
  const server = await leaveTwo();
  const later = scaledClock(Date.now(), 10);
  const clock = { ...later, now: () => later.now() + 31 * dayMs };
  const notifier = await world().begin(usualChannels({ url: server.url }), { clock });
  expect(await notifier.flush(2_000_000)).toBe(true);
  expect(words(/one|two/, texts(server))).toEqual(['one', 'two']);
});
