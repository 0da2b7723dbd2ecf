import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openStore, type Store } from '@sentinel/history';
import { createNotifier, type Notifier } from '@sentinel/notify';
import { webhookSecret } from '@sentinel/tooling-vitest/webhook-secret';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { usualChannels } from '../src/index.ts';

let folder: string;
let store: Store;
let notifier: Notifier;
let server: Server;
let url: string;
let answer: number;
let received: unknown[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-slack-'));
  store = openStore(join(folder, 'sentinel.db'));
  received = [];
  answer = 200;
  server = createServer(async (request, response) => {
    received.push(JSON.parse(await text(request)));
    response.writeHead(answer).end(answer === 200 ? 'ok' : 'no_service');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/${webhookSecret}`;
});
afterEach(async () => {
  await notifier.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
  server.closeAllConnections();
  server.close();
});

test('notifications reach the webhook in order, escaped', async () => {
  notifier = createNotifier({ store, channels: usualChannels({ url }), log: () => {} });
  notifier.notify({ kind: 'unhealthy', bot: 'a<b', state: 'stale', reason: 'no beat' });
  notifier.notify({ kind: 'recovered', bot: 'a<b', outageMs: 5000 });
  await notifier.flush();
  expect(received).toMatchObject([
    { text: expect.stringMatching(/^❌ a&lt;b is stale\nNo beat/) },
    { text: expect.stringMatching(/^✅ a&lt;b has recovered\n.*5 seconds/) },
  ]);
});

test('a webhook that refuses is logged without its URL, and nothing is thrown', async () => {
  answer = 404;
  const lines: string[] = [];
  notifier = createNotifier({ store, channels: usualChannels({ url }), log: (line) => lines.push(line) });
  notifier.notify({ kind: 'recovered', bot: 'bot1', outageMs: 5000 });
  await notifier.flush();
  expect(lines.some((line) => line.includes('slack is dead (HTTP 404'))).toBe(true);
  expect(lines.join('\n')).not.toContain(webhookSecret);
});

test('without a webhook it says once that notifications go nowhere else', async () => {
  const lines: string[] = [];
  notifier = createNotifier({ store, channels: [], log: (line) => lines.push(line) });
  notifier.notify({ kind: 'recovered', bot: 'bot1', outageMs: 5000 });
  await notifier.flush();
  expect(lines.filter((line) => line.includes('No notification channel'))).toHaveLength(1);
});
