import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { ProxyOptions } from '@sentinel/notify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { usualChannels } from '../src/index.ts';
import { note, soon, useDelivery } from './support/delivery.ts';
import { startProxy } from './support/proxy.ts';
import type { SlackServer } from './support/slack-server.ts';
import { selfSigned } from './support/world.ts';

const { world, slack } = useDelivery();

let proxy: Server;
let at: string;
let close: () => void;
/** Where the proxy was asked to connect to. */
let tunnels: string[];

beforeEach(async () => {
  ({ tunnels, url: at, server: proxy, close } = await startProxy());
});
afterEach(() => close());

const send = async (server: SlackServer, options: ProxyOptions) => {
  const notifier = await world().begin(usualChannels({ url: server.url }), { proxy: options });
  notifier.notify(note('one'));
  return notifier;
};

test('a proxy is used, but for the hosts that are reached without it', async () => {
  const server = await slack();
  expect(await (await send(server, { https: at, http: at })).flush(2_000_000)).toBe(true);
  expect(new Set(tunnels.splice(0))).toEqual(new Set([`127.0.0.1:${server.port}`]));
  expect(await (await send(server, { https: at, http: at, none: '127.0.0.1' })).flush(2_000_000)).toBe(true);
  expect(tunnels).toEqual([]);
  expect(server.posts).toHaveLength(2);
});

test.each([
  ['127.0.0.0/8', true],
  ['[::1], *', true],
  ['::1 127.0.0.1:1', false],
  ['127.0.0.1/33,10.0.0.0/8,fd00::/8,127.0.0.0/', false],
])('without a proxy is reached what NO_PROXY names: 127.0.0.1 by %j is %j', async (none, direct) => {
  const server = await slack();
  expect(await (await send(server, { http: at, none })).flush(2_000_000)).toBe(true);
  expect(tunnels).toHaveLength(direct ? 0 : 1);
});

test('an https address is reached through a tunnel of the proxy, which sees nothing of it', async () => {
  const server = await slack({ tls: selfSigned(world().folder) });
  await send(server, { https: at });
  // That its certificate is nobody's is known only at the far end of the tunnel.
  await vi.waitFor(() => expect(world().said('DEPTH_ZERO_SELF_SIGNED_CERT')).toBe(1), soon);
  expect(new Set(tunnels)).toEqual(new Set([`127.0.0.1:${server.port}`]));
});

test('a proxy that hangs up on CONNECT is a failure to be tried again later, and is not asked without a pause', async () => {
  proxy.removeAllListeners('connect');
  proxy.on('connect', (request, socket) => {
    tunnels.push(String(request.url));
    socket.destroy();
  });
  const server = await slack();
  await send(server, { https: at, http: at });
  await vi.waitFor(
    () => expect(world().said(`through the proxy ${at} (ECONNRESET, the other side hung up)`)).toBe(1),
    soon,
  );
  expect(tunnels).toHaveLength(1);
});

test('a proxy that says yes, sends a page and hangs up is asked once in a try, and the reason says so', async () => {
  proxy.removeAllListeners('connect');
  proxy.on('connect', (request, socket) => {
    tunnels.push(String(request.url));
    socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>no</html>');
  });
  const server = await slack();
  await send(server, { https: at, http: at });
  const said = `through the proxy ${at} (it said that the way is open and then hung up`;
  await vi.waitFor(() => expect(world().said(said)).toBe(1), soon);
  expect(tunnels).toHaveLength(1);
});

test('a proxy that opens the way and hangs up then is named', async () => {
  proxy.removeAllListeners('connect');
  proxy.on('connect', (_, socket) => {
    socket.end('HTTP/1.1 200 OK\r\n\r\n');
  });
  const server = await slack({ tls: selfSigned(world().folder) });
  await send(server, { https: at });
  await vi.waitFor(
    () => expect(world().said(`ECONNRESET, the other side hung up, behind the proxy ${at}`)).toBe(1),
    soon,
  );
});

test.each([
  ['localhost', ['localhost']],
  ['127.0.0.1', []],
])(
  'a proxy with TLS at %s is called by its name, and by none where it has only an address',
  async (host, names) => {
    const { key, cert } = selfSigned(world().folder);
    const named: string[] = [];
    const secure = createTlsServer({
      key,
      cert,
      SNICallback: (name, done) => {
        named.push(name);
        done(null);
      },
    }).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const server = await slack();
    const address = `https://${host}:${(secure.address() as AddressInfo).port}`;
    const notifier = await send(server, { https: address, http: address });
    await vi.waitFor(() => expect(world().said(`through the proxy ${address} (DEPTH_ZERO`)).toBe(1), soon);
    expect([...new Set(named)]).toEqual(names);
    await notifier.stop();
    secure.close();
  },
);

test('a proxy that is not there is named without its user and password: the webhook is not what refused', async () => {
  proxy.close();
  const server = await slack();
  const dead = at.replace('//', '//ann:pr0xy-word@');
  const notifier = await send(server, { https: dead, http: dead });
  await vi.waitFor(() => expect(world().said(`through the proxy ${at} (ECONNREFUSED, `)).toBe(1), soon);
  expect(world().lines.join()).not.toContain('pr0xy-word');
  await notifier.stop();
});

test.each([
  [407, 'the proxy answered HTTP 407: put its user and password'],
  [502, 'the proxy answered HTTP 502'],
])('a proxy that answers %d is named with it', async (status, said) => {
  const server = await slack();
  proxy.removeAllListeners('connect').on('connect', (_request, socket) => {
    socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
  });
  const notifier = await send(server, { https: at, http: at });
  await vi.waitFor(() => expect(world().said(said)).toBe(1), soon);
  await notifier.stop();
});
