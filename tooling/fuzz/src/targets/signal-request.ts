import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Detected } from '../../../../apps/bot/src/signals/source.ts';
import { startWebhookSource } from '../../../../apps/bot/src/signals/webhook-source.ts';
import { openMemory } from '../../../../apps/bot/src/store/memory.ts';
import { exchange, statusesIn, withHeaders } from '../exchange.ts';
import { must, type Target } from '../target.ts';

const token = 'signal-token-0123';

export const signalRequest: Target = {
  name: 'signal-request',
  takes: "what a client sends to the bot's webhook",
  words: [
    'POST /signals HTTP/1.1\r\n',
    `Authorization: Bearer ${token}\r\n`,
    'Content-Type: application/json\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 70\r\n',
    '\r\n\r\n',
    '"symbol": "MCL"',
    '"direction": "buy"',
    '"quantity": 1',
    '"tp": 52.5',
    '"sl": 48',
    '"id": "a"',
    '"timestamp": "2026-05-06T12:00:00Z"',
    '"timestamp": 1778068800',
    '{"signals": [',
    ', ',
    '}',
    ']',
    'null',
    '{"symbol":"MCL","direction":"buy","quantity":1,"tp":52,"sl":48}',
  ],
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-fuzz-'));
    const memory = openMemory(join(folder, 'bot.db'));
    const { inbox } = memory;
    const source = await startWebhookSource({
      host: '127.0.0.1',
      port: 0,
      token,
      inbox,
      now: () => 7,
      warn: () => {},
    });
    const port = Number(new URL(source.url).port);
    const forever = new AbortController().signal;
    return {
      check: async (input) => {
        const answers = await exchange(port, withHeaders(input, 'Connection: close\r\n'));
        const statuses = statusesIn(answers);
        for (const status of statuses) must(status < 500, `answered with ${status}`);
        must(input.includes(token) || !statuses.includes(202), 'taken without the token');
        const kept: Detected[] = [];
        for (let taken = await source.take(forever); taken.length > 0; taken = await source.take(forever)) {
          kept.push(...taken);
          for (const { done } of taken) done?.();
        }
        // Whoever goes on sending behind a request is reset, and may not get to read the answer to it.
        const answered = statuses.length > 0;
        must(kept.length === 0 || !answered || statuses.includes(202), 'kept, and not said to be taken');
        for (const { parsed } of kept) {
          must(parsed.ok, 'taken, and no signal');
          must(!parsed.ok || (parsed.signal.quantity > 0 && parsed.signal.tp > 0), 'a signal of nothing');
        }
      },
      close: async () => {
        await source.close();
        memory.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
