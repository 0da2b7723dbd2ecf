import { expect, test } from 'vitest';
import * as z from 'zod';
import { batchOf, note, recovered, sendThrough, stale, startService } from '../../test/support/service.ts';
import { ntfyChannel } from './channel.ts';

const taken = { status: 200, body: { id: 'sPs71M8A2T', time: 1, event: 'message', topic: 'my-bots' } };
const refused = (code: number, http: number, error: string) => ({
  status: http,
  body: { code, http, error },
});

const send = async (
  answer: { status: number; body?: unknown; headers?: object },
  batch = batchOf([recovered]),
  { path = '/my-bots', token }: { path?: string; token?: string } = {},
) => {
  const service = await startService(() => answer);
  const outcome = await sendThrough(ntfyChannel, { url: `${service.url}${path}`, token }, batch);
  return { outcome, asked: service.asked };
};

test('a message reaches the topic, as loud as it matters', async () => {
  const good = await send(taken, batchOf([recovered]), { token: 'tk_secret' });
  expect(good.outcome).toEqual({ kind: 'sent' });
  expect(good.asked[0]).toMatchObject({
    path: '/',
    headers: { authorization: 'Bearer tk_secret' },
    body: { topic: 'my-bots', title: expect.stringContaining('has recovered'), priority: 3 },
  });
  const bad = await send(taken, batchOf([stale]), { path: '/push/my-bots' });
  expect(bad.asked[0]).toMatchObject({ path: '/push/', body: { priority: 5 } });
  expect(bad.asked[0]?.headers.authorization).toBeUndefined();
});

test('the title, which a phone shows first, is not said twice, and of several messages it names the worst', async () => {
  const one = (await send(taken, batchOf([stale]))).asked[0]?.body;
  expect(one).toMatchObject({
    title: '❌ bot is stale',
    message: expect.stringMatching(/^No beat for 61 s/),
  });
  const three = (await send(taken, batchOf([note('quiet'), stale, recovered]))).asked[0]?.body;
  expect(three).toMatchObject({ title: '❌ bot is stale, and 2 more' });
});

test('a message stays a message, and does not become a file', async () => {
  const { asked } = await send(taken, batchOf([note('€'.repeat(5000))]));
  expect(Buffer.byteLength(asked[0]?.body.message ?? '')).toBeLessThanOrEqual(4096);
});

test('of many messages that had to wait each is named', async () => {
  const notes = Array.from({ length: 30 }, (_, index) =>
    note(`${'word '.repeat(60)}`.replace('word', `n${index}`)),
  );
  const { asked } = await send(taken, batchOf(notes));
  const message = asked[0]?.body.message ?? '';
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
  for (let index = 0; index < 30; index += 1) expect(message).toContain(`n${index} `);
});

test.each([
  [refused(40101, 401, 'unauthorized'), 'channel'],
  [refused(40301, 403, 'forbidden'), 'channel'],
  [refused(40009, 400, 'invalid request: topic invalid'), 'message'],
])('%j is a refusal of the %s', async (answer, of) => {
  expect((await send(answer)).outcome).toMatchObject({
    kind: 'permanent',
    of,
    detail: `HTTP ${answer.status}: ${answer.body.error}`,
  });
});

test.each([
  [refused(42901, 429, 'limit reached: too many requests'), 'rate-limited'],
  [refused(50701, 507, 'internal server error'), 'server'],
  [{ status: 200, body: '<html>sign in</html>' }, 'foreign'],
  [{ status: 404, body: 'page not found' }, 'foreign'],
])('%j is tried again (%s)', async (answer, reason) => {
  expect((await send(answer)).outcome).toMatchObject({ kind: 'retry', reason });
});

test('neither topic nor token is in the words of a refusal', async () => {
  const { outcome } = await send(refused(40301, 403, 'no access to my-bots with tk_secret'), undefined, {
    token: 'tk_secret',
  });
  expect(JSON.stringify(outcome)).not.toMatch(/my-bots|tk_secret/);
});

test('its options are said to be wrong before they are used', () => {
  const faultOf = (url: string) => ntfyChannel.faultOf({ url });
  expect(faultOf('https://ntfy.sh/my-bots')).toBeNull();
  expect(faultOf('https://ntfy.sh/')).toContain('topic');
  expect(faultOf('https://ntfy.sh/a%20b')).toContain('topic');
  expect(faultOf('ntfy.sh/x')).toContain('no URL');
  expect(ntfyChannel.optionsSchema(z).safeParse({ url: 'https://ntfy.sh/x' }).success).toBe(true);
});
