import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import rateLimit from '@fastify/rate-limit';
import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addressKey, addressOf, createTokenCheck } from '../src/index.ts';

const right = 'right-token-0123456789';
const lines: string[] = [];

/** Answers with the verdict. Believes what a proxy says, so that a test may be many addresses. */
const serve = async () => {
  const app = Fastify({ trustProxy: ['loopback'] });
  await app.register(rateLimit, { global: false });
  const check = createTokenCheck(app, (line) => lines.push(line));
  app.get('/', async (request) => (await check(request, [right])).kind);
  app.get('/known', async (request) => (await check(request, [right], ['known-elsewhere'])).kind);
  app.get('/who', async (request) => `${addressOf(request)} ${addressKey(request)}`);
  const ask = async (token: string | null, from = '203.0.113.7', url = '/') => {
    const headers = {
      'x-forwarded-for': from,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    return (await app.inject({ url, headers })).body;
  };
  return ask;
};

beforeEach(() => {
  lines.length = 0;
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

test('after ten wrong tokens an address waits for a minute, and the log says so once', async () => {
  const ask = await serve();
  for (let i = 0; i < 10; i += 1) expect(await ask(`wrong-${i}`)).toBe('wrong');
  expect(await ask('wrong-again')).toBe('too-many');
  expect(await ask('wrong-again')).toBe('too-many');
  expect(await ask('wrong', '203.0.113.8')).toBe('wrong');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('203.0.113.7');
  vi.advanceTimersByTime(61_000);
  expect(await ask('wrong')).toBe('wrong');
});

test('wrong tokens never shut the right one out', async () => {
  const ask = await serve();
  for (let i = 0; i < 50; i += 1) await ask(`wrong-${i}`);
  expect(await ask(right)).toBe('right');
  expect(await ask(null)).toBe('none');
});

test('a network of IPv6 is one address', async () => {
  const ask = await serve();
  for (let i = 1; i < 11; i += 1) expect(await ask('wrong', `2001:db8::${i}`)).toBe('wrong');
  expect(await ask('wrong', '2001:db8::ffff')).toBe('too-many');
  expect(await ask('wrong', '2001:db8:0:1::1')).toBe('wrong');
});

test('the loopback of a machine is one address', async () => {
  const ask = await serve();
  for (let i = 1; i < 11; i += 1) expect(await ask('wrong', `127.0.${i}.1`)).toBe('wrong');
  for (const same of ['127.255.255.254', '::ffff:127.0.0.9', '::1', '0:0:0:0:0:0:0:1'])
    expect(await ask('wrong', same)).toBe('too-many');
  expect(await ask('wrong', '::2')).toBe('wrong');
});

test('what a proxy passes on that is no address counts as the proxy', async () => {
  const ask = await serve();
  expect(await ask(null, 'x'.repeat(9000), '/who')).toBe('127.0.0.1 loopback');
  expect(await ask(null, '203.0.113.7\u001b[2J', '/who')).toBe('127.0.0.1 loopback');
  expect(await ask(null, '2001:db8::1', '/who')).toBe('2001:db8::1 2001:db8::');
});

test('long headers with another address each keep neither the addresses nor the headers', async () => {
  vi.useRealTimers();
  const app = Fastify({ trustProxy: ['loopback'] });
  await app.register(rateLimit, { global: false });
  const check = createTokenCheck(app, () => {});
  app.get('/', async (request) => (await check(request, [right])).kind);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const padding = '198.51.100.1,'.repeat(1000);
  const attempt = async (from: number, to: number) => {
    for (let i = from; i < to; i += 1) {
      const headers = {
        authorization: 'Bearer wrong-token',
        'x-forwarded-for': `${padding}203.113.${100 + (i >> 7)}.${100 + (i & 127)}`,
      };
      await (await fetch(url, { headers })).text();
    }
  };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  await attempt(0, 500);
  const before = used();
  await attempt(500, 2000);
  // All that was sent is 19 MB.
  expect(used() - before).toBeLessThan(6_500_000);
  await app.close();
});

test('a token that is right elsewhere is refused here, and is no guess', async () => {
  const ask = await serve();
  for (let i = 0; i < 30; i += 1) expect(await ask('known-elsewhere', undefined, '/known')).toBe('wrong');
  expect(await ask('a-guess-0123')).toBe('wrong');
  expect(lines).toEqual([]);
});

test('the zone of an IPv6 address is no part of who asks', async () => {
  const ask = await serve();
  expect(await ask(null, `fe80::1%${'x'.repeat(5000)}`, '/who')).toMatch(/^fe80::1 /);
});
