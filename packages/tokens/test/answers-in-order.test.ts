import { connect } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { answersInOrder } from '../src/index.ts';

const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A server whose handler waits until it is let go on. */
const serve = async () => {
  const order = answersInOrder((status, detail) => ({ type: 'text/plain', body: `${status} ${detail}` }));
  const app = Fastify({ clientErrorHandler: order.onBroken, forceCloseConnections: true });
  order.watch(app.server);
  const begun: string[] = [];
  let goOn = () => {};
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  app.post('/orders', async (request) => {
    begun.push(JSON.stringify(request.body));
    await released;
    return { done: request.body };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  servers.push(app);
  const { port } = app.server.address() as { port: number };
  return { port, begun, goOn: () => goOn(), app };
};

/** All that comes until the other end closes the connection. */
const send = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(bytes));
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    // Bytes that nobody read reset the connection.
    socket.on('error', () => {}).on('close', () => resolve(text));
  });

const post = (body: string, over: readonly string[] = []) =>
  [
    'POST /orders HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...over,
    '',
    body,
  ].join('\r\n');
const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);

test.each([
  ['one byte too many', post('{"n":1}'), ':', ['{"n":1}']],
  [
    'one byte too many, in a connection that is to close',
    post('{"n":1}', ['Connection: close']),
    ':',
    ['{"n":1}'],
  ],
  [
    'two requests and a broken one',
    post('{"n":1}') + post('{"n":2}'),
    'HELO\r\n\r\n',
    ['{"n":1}', '{"n":2}'],
  ],
  [
    'a body whose chunks are broken',
    post('{"n":1}'),
    `${post('', ['Transfer-Encoding: chunked'])}x`,
    ['{"n":1}'],
  ],
])(
  'whole requests are answered before what is broken ends the connection: %s',
  async (_, whole, broken, done) => {
    const { port, begun, goOn } = await serve();
    const answer = send(port, whole + broken);
    await expect.poll(() => begun).toEqual(done);
    goOn();
    const text = await answer;
    expect(statuses(text)).toEqual(done.map(() => '200'));
    for (const body of done) expect(text).toContain(`{"done":${body}}`);
  },
);

test('what is broken by itself is refused at once', async () => {
  const { port, begun } = await serve();
  expect(await send(port, 'HELO mail\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*not an HTTP/s);
  expect(statuses(await send(port, `${post('{"n":1}').slice(0, -9)}Content-Length: 9\r\n\r\n{}`))).toEqual([
    '400',
  ]);
  expect(await send(port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  expect(begun).toEqual([]);
});
