import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { incidentIdOf, openStore, type Store, type Supervision } from '@sentinel/history';
import {
  channelOf,
  createHttp,
  createNotifier,
  listenForPresses,
  type Notification,
  type Press,
  pressData,
} from '@sentinel/notify';
import { refusal, startTelegram } from '@sentinel/tooling-vitest/telegram';
import { expect, onTestFinished, test, vi } from 'vitest';
import { telegramChannel } from '../src/index.ts';

const token = '123456:ABCdefGhIJKlmNoPQRsTUVwxyZ';
const startedAt = Date.now() - 60_000;
const incident = incidentIdOf({ bot: 'alpha', startedAt });
const stale: Notification = {
  ...{ kind: 'unhealthy', bot: 'alpha', incident, state: 'stale', reason: 'no beat for 61 s' },
};
const acknowledged: Notification = {
  ...{ kind: 'acknowledged', bot: 'alpha', incident, by: 'ann', note: '', forMs: null },
};
const recovered: Notification = { kind: 'recovered', bot: 'alpha', incident, outageMs: 90_000 };
const soon = { timeout: 15_000, interval: 10 };

const openJournal = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-telegram-'));
  const store = openStore(join(folder, 'sentinel.db'), { restMs: 0 });
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
};

const open = async (mishap?: NonNullable<Parameters<typeof startTelegram>[0]>['mishap']) => {
  const telegram = await startTelegram(mishap === undefined ? {} : { mishap });
  onTestFinished(telegram.close);
  const store = openJournal();
  const channel = (more: object = {}, name = 'telegram') =>
    channelOf(
      { ...telegramChannel, pace: { betweenMs: 1, mostSingle: 5, mostTogether: 50 } },
      { token, chat: '-100', server: telegram.url, buttons: 'on' as const, ...more },
      { name },
    );
  const begin = (more: object = {}) => {
    const notifier = createNotifier({ store, channels: [channel(more)], log: () => {} });
    onTestFinished(notifier.stop);
    return notifier;
  };
  return { telegram, store, channel, begin };
};

/** An incident that is open, of a bot that is watched. */
const openIncident = (store: Store) =>
  store.transact((records) => {
    records.setSupervision('alpha', {} as Supervision);
    records.openIncident({ bot: 'alpha', at: startedAt, state: 'stale', reason: 'no beat' });
  }, undefined);

const listen = (store: Store, channels: Parameters<typeof listenForPresses>[0]['channels']) => {
  const orders: (Press & { bot: string })[] = [];
  const told: string[] = [];
  const listening = listenForPresses({
    ...{ channels, store, name: 'alpha' },
    http: createHttp({ timeoutMs: 5000, now: Date.now }),
    log: () => {},
    notify: (notification) => told.push(notification.kind === 'custom' ? notification.text : ''),
    order: async (bot, press) => {
      orders.push({ bot, ...press });
      return 'alpha: you have it';
    },
  });
  onTestFinished(listening.stop);
  return { orders, told, stop: listening.stop };
};

test('an incident is one message, which is edited, with its events as replies; the next monitor goes on with it', async () => {
  const { telegram, begin } = await open();
  const first = begin();
  first.notify(stale);
  await vi.waitFor(() => expect(telegram.messages).toHaveLength(1), soon);
  await first.stop();
  const second = begin();
  second.notify(acknowledged);
  await vi.waitFor(() => expect(telegram.messages[0]?.bodies).toHaveLength(2), soon);
  second.notify(recovered);
  await vi.waitFor(() => expect(telegram.messages[0]?.bodies).toHaveLength(3), soon);
  const [root, ...replies] = telegram.messages;
  expect(root?.bodies.map(({ text }) => text?.split('\n')[0])).toEqual([
    '❌ alpha is stale',
    expect.stringMatching(/^Acknowledged\. .*ann/),
    expect.stringMatching(/^Ended\. .*has recovered/),
  ]);
  expect(root?.bodies.at(-1)?.text).toContain('no beat for 61 s'.slice(1));
  expect(replies.map(({ bodies }) => bodies[0]?.reply_parameters)).toEqual([
    { message_id: 1, allow_sending_without_reply: true },
    { message_id: 1, allow_sending_without_reply: true },
  ]);
  // Somebody who has it needs no button, and what is over has none.
  expect(root?.bodies.map((body) => 'reply_markup' in body)).toEqual([true, false, false]);
});

test('without the setting there are no buttons', async () => {
  const { telegram, begin, channel } = await open();
  begin({ buttons: 'off' }).notify(stale);
  await vi.waitFor(() => expect(telegram.messages).toHaveLength(1), soon);
  expect(telegram.messages[0]?.bodies[0]).not.toHaveProperty('reply_markup');
  expect(channel({ buttons: 'off' }).presses).toBeNull();
});

test('an edit whose answer was lost is not an error the second time', async () => {
  let lost = 1;
  const { telegram, begin } = await open((method) => {
    if (method !== 'editMessageText' || lost === 0) return undefined;
    lost -= 1;
    return refusal(400, 'Bad Request: message is not modified: specified new message content');
  });
  const notifier = begin();
  notifier.notify(stale);
  notifier.notify(recovered);
  await vi.waitFor(() => expect(telegram.messages).toHaveLength(2), soon);
  expect(await notifier.flush()).toBe(true);
});

test('a press is the order of the person who pressed, once, and is answered', async () => {
  const { telegram, store, channel } = await open();
  openIncident(store);
  const first = listen(store, [channel()]);
  telegram.press(pressData('ack', incident), -100);
  await vi.waitFor(() => expect(telegram.answered).toHaveLength(1), soon);
  expect(first.orders).toEqual([
    { bot: 'alpha', what: 'ack', incident: expect.any(String), by: 'Ann (@ann on Telegram)' },
  ]);
  expect(telegram.answered[0]).toEqual({ callback_query_id: '701', text: 'alpha: you have it' });
  await first.stop();
  // What was answered is not given to the next monitor again.
  const second = listen(store, [channel()]);
  telegram.press(pressData('snooze', incident), -100, { id: 8, first_name: 'Bob' });
  await vi.waitFor(() => expect(telegram.answered).toHaveLength(2), soon);
  expect(second.orders).toMatchObject([{ what: 'snooze', by: 'Bob (on Telegram)' }]);
});

test('only what is pressed in a chat of the channel counts, and only for an incident that is open', async () => {
  const { telegram, store, channel } = await open();
  openIncident(store);
  const { orders } = listen(store, [channel(), channel({ chat: '-200' }, 'partner')]);
  telegram.press(pressData('ack', incident), -999);
  telegram.press('anything', -100);
  telegram.press(pressData('ack', 'alpha@2020-01-01T00:00:00.000Z'), -100);
  await vi.waitFor(() => expect(telegram.answered).toHaveLength(1), soon);
  expect(telegram.answered[0]?.text).toBe('This incident is over');
  // Two channels of one bot are heard together.
  telegram.press(pressData('ack', incident), -200);
  await vi.waitFor(() => expect(orders).toHaveLength(1), soon);
});

test('a webhook that is set elsewhere is told once', async () => {
  const conflict = refusal(
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  );
  const { telegram, store, channel } = await open((method) =>
    method === 'getUpdates' ? conflict : undefined,
  );
  const { told } = listen(store, [channel()]);
  await vi.waitFor(() => expect(told).toHaveLength(1), soon);
  expect(told[0]).toContain('webhook is active');
  expect(told[0]).not.toContain(token);
  expect(telegram.calls).toEqual(['getUpdates']);
});
