import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '@sentinel/api';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { openStore } from '@sentinel/history';
import { exchange, statusesIn, withHeaders } from '../exchange.ts';
import { must, type Target } from '../target.ts';

const apiToken = 'order-token-0123';
const readToken = 'reader-token-0123';
const beatsToken = 'beats-token-0123';
const leaks = ['/src/', 'node_modules', 'node:internal', '    at ', 'SELECT', 'SQLITE'];

export const apiRequest: Target = {
  name: 'api-request',
  takes: 'what a client sends to the API',
  words: [
    'GET ',
    'POST ',
    'HEAD ',
    'OPTIONS ',
    ' HTTP/1.1\r\n',
    '/api/heartbeat/',
    'status',
    'history',
    'incidents',
    'pause',
    'restart',
    'orders/1',
    '/api/beats/bot',
    '{"status":"✅ On","session_active":true}',
    '/metrics',
    '?bot=bot',
    '&limit=10',
    '&cursor=',
    '&from=2026-05-06T00:00:00Z',
    'Content-Length: 20\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Content-Type: application/json\r\n',
    'If-None-Match: *\r\n',
    'Last-Event-ID: 1\r\n',
    'Expect: 100-continue\r\n',
    'Upgrade: websocket\r\n',
    'Accept-Encoding: gzip\r\n',
    'Origin: http://x\r\n',
    '{"minutes":5}',
    '%00',
    '%2e%2e/',
    '/../',
    `Authorization: Bearer ${apiToken}\r\n`,
    `Authorization: Bearer ${readToken}\r\n`,
    `Authorization: Bearer ${beatsToken}\r\n`,
    'Host: evil.example\r\n',
    '\r\n\r\n',
  ],
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-fuzz-'));
    const file = join(folder, 'heartbeat_status.txt');
    const historyFile = join(folder, 'sentinel.db');
    createHeartbeat({ file }).update('✅ On', true);
    openStore(historyFile).close();
    let complaint: string | undefined;
    const complain = (line: string) => {
      complaint ??= line;
    };
    const api = createApi({
      bots: [{ name: 'bot', file }],
      historyFile,
      apiToken,
      readToken,
      beatsToken,
      trustedProxies: ['loopback'],
      log: { info: () => {}, warn: () => {}, error: complain },
    });
    const { port } = await api.start();
    let count = 0;
    return {
      check: async (input) => {
        count += 1;
        complaint = undefined;
        // Each asks from another address: what one may ask in a minute is not what is looked at.
        const who = `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`;
        const answers = await exchange(
          port,
          withHeaders(input, `X-Forwarded-For: ${who}\r\nConnection: close\r\n`),
        );
        const text = input.toString('latin1');
        for (const status of statusesIn(answers)) {
          must(status < 500 || status === 503, `answered with ${status}`);
          must(status !== 202 || text.includes(apiToken), 'an order without the token');
        }
        for (const leak of [folder, ...leaks])
          must(!answers.includes(leak) || text.includes(leak), `the answer tells ${leak}`);
        must(complaint === undefined, `its log says: ${complaint}`);
      },
      close: async () => {
        await api.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
