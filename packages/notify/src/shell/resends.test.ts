import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { incidentIdOf, openStore, type Store } from '@sentinel/history';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { channelOf } from '../core/channel.ts';
import type { Notification } from '../core/notification.ts';
import type { HttpAnswer } from '../core/outcome.ts';
import { jsonChannel } from '../webhook/json.ts';
import { createNotifier, type Notifier } from './notifier.ts';

const startedAt = Date.now() - 60_000;
const incident = incidentIdOf({ bot: 'bot', startedAt });
const unhealthy: Notification = {
  kind: 'unhealthy',
  bot: 'bot',
  incident,
  state: 'stale',
  reason: 'no beat',
};
const said = (open: boolean): Notification => ({
  ...{ kind: 'bot-says', bot: 'bot', topic: 'no-stop', what: 'long 2', open },
});
const recovered: Notification = { kind: 'recovered', bot: 'bot', incident, outageMs: 1 };

let folder: string;
let store: Store;
let row = 0;
const notifiers: Notifier[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-resends-'));
  store = openStore(join(folder, 'outbox.db'));
  const opened = { bot: 'bot', at: startedAt, state: 'stale', reason: 'no beat' };
  row = store.transact((records) => records.openIncident(opened), 0);
});
afterEach(async () => {
  for (const notifier of notifiers.splice(0)) await notifier.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each message as the kinds in it. */
const begin = (answer: () => HttpAnswer = () => ({ status: 200, retryAfterMs: null, body: '' })) => {
  const sent: string[] = [];
  const lines: string[] = [];
  const kind = { ...jsonChannel, resendMs: 40, pace: { betweenMs: 0, mostSingle: 9, mostTogether: 9 } };
  const notifier = createNotifier({
    store,
    channels: [channelOf(kind, { url: 'https://one.example/secret' }, { name: 'one' })],
    log: (line) => lines.push(line),
    http: {
      request: async (_, { body = '' }) => {
        const { notifications } = JSON.parse(body) as { readonly notifications: { readonly kind: string }[] };
        sent.push(notifications.map((each) => each.kind).join());
        return answer();
      },
    },
  });
  notifiers.push(notifier);
  return { notifier, sent, lines };
};
const patience = { timeout: 10_000, interval: 10 };
const settled = () => new Promise((resolve) => setTimeout(resolve, 200));

test('alarms that are open are sent again, by the next monitor at once, until they are over', async () => {
  const first = begin();
  first.notifier.notify(unhealthy);
  first.notifier.notify(said(true));
  await vi.waitFor(
    () => expect(first.sent.filter((each) => each === 'unhealthy,bot-says').length).toBeGreaterThan(2),
    patience,
  );
  await first.notifier.stop();
  const second = begin();
  await vi.waitFor(() => expect(second.sent[0]).toBe('unhealthy,bot-says'), patience);
  second.notifier.notify(said(false));
  second.notifier.notify(recovered);
  await vi.waitFor(() => expect(second.sent).toContain('recovered'), patience);
  const count = second.sent.length;
  await settled();
  expect(second.sent).toHaveLength(count);
});

test('an incident that ends without a word is not sent again', async () => {
  const { notifier, sent } = begin();
  notifier.notify(unhealthy);
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(2), patience);
  store.transact((records) => records.closeIncident(row, Date.now()), undefined);
  await settled();
  const count = sent.length;
  await settled();
  expect(sent).toHaveLength(count);
});

test('a repetition that fails is logged once, and fails no message', async () => {
  let status = 200;
  const { notifier, sent, lines } = begin(() => ({ status, retryAfterMs: null, body: '' }));
  notifier.notify(unhealthy);
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(1), patience);
  status = 503;
  const before = sent.length;
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(before + 3), patience);
  expect(
    lines.filter((line) => line.includes('did not accept the alarms that are open (HTTP 503)')),
  ).toHaveLength(1);
  expect(store.transact((records) => records.channels(), [])).toMatchObject([
    { pending: 0, deadSince: null },
  ]);
});
