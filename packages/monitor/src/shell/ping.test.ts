import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { view } from '../../test/view.ts';
import type { BotView } from '../core/bot-view.ts';
import { createPing } from './ping.ts';

const closes: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
  vi.restoreAllMocks();
});

const openSwitch = async (status = 200, answer = 'OK') => {
  const heard: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    heard.push(`${request.method} ${request.url} ${body}`);
    response.writeHead(status).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closes.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret` };
};

/** The clock of the pings, in the test's hands. */
const clock = () => {
  let now = 1_000_000;
  const pass = (ms: number) => {
    now += ms;
  };
  return { pass, now: () => now };
};

test('start, good looks, a failure and the exit code reach the switch, in order, with a short log', async () => {
  const time = clock();
  const { pass } = time;
  const { heard, url } = await openSwitch();
  const warn = vi.fn();
  const ping = createPing({ url, warn, clock: time });
  ping.started();
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  const work = async (views: readonly BotView[], count: number) => {
    await vi.waitFor(() => {
      ping.worked(views);
      expect(heard).toHaveLength(count);
    });
  };
  pass(15_000);
  await work([view], 2);
  pass(59_000);
  ping.worked([view]);
  pass(1000);
  await work([view], 3);
  pass(15_000);
  await work([{ ...view, state: 'stale', reason: 'no beat for 312 s', incidentSince: 1 }], 4);
  await ping.stopped(0);
  expect(heard).toEqual([
    'POST /s3cret/start The monitor was started',
    'POST /s3cret alpha healthy: beats on time',
    'POST /s3cret alpha healthy: beats on time',
    'POST /s3cret/fail alpha stale: no beat for 312 s',
    // What is in trouble is not well because its monitor ends in good order.
    'POST /s3cret/fail alpha stale: no beat for 312 s',
  ]);
  expect(warn).not.toHaveBeenCalled();
});

test('a switch that is gone is complained of once, without its address', async () => {
  const warn = vi.fn();
  const { url } = await openSwitch(404);
  const ping = createPing({ url, warn });
  await ping.stopped(0);
  await ping.stopped(0);
  const unreachable = createPing({ url: 'http://127.0.0.1:1/s3cret', warn });
  await unreachable.stopped(1);
  const told = warn.mock.calls.flat().join('\n');
  expect(told.split('\n')).toHaveLength(2);
  expect(told).toContain('the answer was 404');
  expect(told).not.toContain('s3cret');
});

test.each(['OK (not found)', '<!doctype html><title>Sign in</title>'])(
  'a 200 that says %j is no ping that was heard',
  async (answer) => {
    const warn = vi.fn();
    const { url } = await openSwitch(200, answer);
    await createPing({ url, warn }).stopped(0);
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringMatching(/^The ping to \S+ failed: the answer was 200/),
    ]);
  },
);

test('a redirect is followed once to the same host, and to no other', async () => {
  const warn = vi.fn();
  const { heard, url } = await openSwitch();
  const moved = createServer((request, response) => {
    const at = request.url?.startsWith('/away') === true ? 'http://localhost' : 'http://127.0.0.1';
    const to = new URL('/s3cret', url);
    response.writeHead(302, { location: `${at}:${to.port}/moved` }).end();
  });
  await new Promise<void>((resolve) => moved.listen(0, '127.0.0.1', resolve));
  closes.push(() => moved.close());
  const old = `http://127.0.0.1:${(moved.address() as AddressInfo).port}`;
  await createPing({ url: `${old}/here`, warn }).stopped(0);
  expect(heard).toEqual(['POST /moved ']);
  expect(warn).not.toHaveBeenCalled();
  await createPing({ url: `${old}/away`, warn }).stopped(0);
  expect(heard).toHaveLength(1);
  expect(warn.mock.calls.flat()).toEqual([expect.stringMatching(/302, a redirect, which is not followed/)]);
});

test('a fault is told as one, and a ping that lands again is told', async () => {
  const warn = vi.fn();
  const { url } = await openSwitch();
  let spoiled = true;
  const ping = createPing({
    url,
    warn,
    fetch: async (...args) => {
      if (spoiled) throw new TypeError(`agent is not a constructor at ${url}`);
      return fetch(...args);
    },
  });
  await ping.stopped(0);
  spoiled = false;
  await ping.stopped(0);
  expect(warn.mock.calls.flat()).toEqual([
    expect.stringMatching(/failed: a fault of this program \(TypeError\)$/),
    expect.stringMatching(/works again$/),
  ]);
});
