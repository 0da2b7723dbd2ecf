import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { openStream } from './event-stream.ts';
import { createWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.end());

const bytesOf = (port: number) => {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (data) => {
    text += data;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  return { socket, closed, text: () => text };
};

test('an order whose body is still on its way when the API stops gets its answer', async () => {
  const apiToken = 'change-token-0123456789';
  world = await createWorld('over a socket', { apiToken });
  const { socket, closed, text } = bytesOf(Number(new URL(world.url).port));
  const reached = new Promise<void>((resolve) => world.api.app.server.once('request', () => resolve()));
  socket.write(
    `POST /api/heartbeat/restart HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiToken}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{`,
  );
  await reached;
  const stopped = world.api.stop();
  socket.write('}');
  await stopped;
  await closed;
  // There is no journal to write it into: what counts is that the answer came.
  expect(text()).toMatch(/^HTTP\/1\.1 503 /);
  expect(text()).toContain('The order could not be written down');
});

test('neither open streams nor clients that never end their request hold up the end', async () => {
  world = await createWorld('over a socket');
  const streams = await Promise.all(
    Array.from({ length: 20 }, () => openStream(`${world.url}/api/heartbeat/stream`)),
  );
  const { socket, closed } = bytesOf(Number(new URL(world.url).port));
  const connected = new Promise<void>((resolve) => world.api.app.server.once('connection', () => resolve()));
  await connected;
  socket.write('POST /api/heartbeat/restart HTTP/1.1\r\nHost: x\r\n');
  const started = performance.now();
  await world.api.stop();
  await closed;
  await vi.waitFor(() => expect(streams.every((stream) => stream.ended())).toBe(true));
  await expect(fetch(`${world.url}/livez`)).rejects.toThrow();
  // Well before the client would have been dropped for its slowness.
  expect(performance.now() - started).toBeLessThan(60_000);
});
