import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createHttp } from './http.ts';

test('a far end that is slow to answer is waited for longer each time, so that it gets a message a few times, not for ever', async () => {
  let asked = 0;
  let answerAfterMs = 700;
  const server = createServer((_, response) => {
    asked += 1;
    setTimeout(() => response.end('ok'), answerAfterMs).unref();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { request } = createHttp({ timeoutMs: 200, now: Date.now });
  const post = () => request(url, { method: 'POST', body: '' });
  try {
    expect(await post()).toEqual({ error: 'TimeoutError' });
    expect(await post()).toEqual({ error: 'TimeoutError' });
    expect(await post()).toMatchObject({ status: 200, body: 'ok' });
    // It answered: from here on it is asked as at the beginning.
    answerAfterMs = 5000;
    const since = performance.now();
    expect(await post()).toEqual({ error: 'TimeoutError' });
    expect(performance.now() - since).toBeLessThan(700);
    expect(asked).toBe(4);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
