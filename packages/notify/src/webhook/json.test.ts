import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import type { Batch } from '../core/channel.ts';
import type { HttpAnswer } from '../core/outcome.ts';
import { readAlert } from '../core/read-alert.ts';
import { type JsonOptions, jsonChannel } from './json.ts';

const url = 'https://example.org/alerts';
const at = Date.UTC(2026, 0, 5);
const batchOf = (body: string, more: Partial<Batch> = {}): Batch => ({
  alerts: [readAlert({ key: 'a1', at, body })],
  mayBeDouble: false,
  refusal: null,
  ...more,
});
const recovered = batchOf('{"kind":"recovered","bot":"bot","outageMs":5000}');

const now = Date.UTC(2026, 0, 6);
const send = async (
  batch: Batch,
  answer: HttpAnswer = { status: 202, retryAfterMs: null, body: '' },
  options: Partial<JsonOptions> = {},
) => {
  const posts: { headers: Readonly<Record<string, string>>; payload: unknown; body: string }[] = [];
  const outcome = await jsonChannel.send(batch, 'key', {
    options: { url, ...options },
    now,
    memory: { get: () => undefined, set: () => {} },
    http: {
      request: async (to, { headers = {}, body = '' }) => {
        expect(to).toBe(url);
        posts.push({ headers, payload: JSON.parse(body), body });
        return answer;
      },
    },
  });
  return { outcome, post: posts[0] };
};

test('a message holds the text for people and the facts for programs, under its key', async () => {
  const { outcome, post } = await send(recovered);
  expect(outcome).toEqual({ kind: 'sent' });
  expect(post?.headers).toMatchObject({ 'Idempotency-Key': 'key' });
  expect(post?.payload).toEqual({
    id: 'key',
    text: '✅ bot has recovered\nIt was not well for 5 seconds.\nNext: Nothing to do now. The history shows what happened.\nbot · 2026-01-05 00:00:00 UTC',
    may_be_double: false,
    notifications: [
      { kind: 'recovered', bot: 'bot', outageMs: 5000, id: 'a1', at: '2026-01-05T00:00:00.000Z' },
    ],
  });
});

test('a kind that only a newer version knows is told as far as it goes, and its facts are passed on', async () => {
  const { post } = await send(batchOf('{"kind":"of-a-newer-version","bot":"bot"}'));
  expect(post?.payload).toMatchObject({
    text: expect.stringContaining('of the kind of-a-newer-version whose facts cannot be read'),
    notifications: [{ kind: 'of-a-newer-version' }],
  });
});

test('what was refused is sent as text alone, which says why', async () => {
  const { post } = await send({ ...recovered, refusal: 'HTTP 413' });
  expect(Object.keys(post?.payload as object)).toEqual(['text']);
  expect(JSON.stringify(post?.payload)).toContain('its usual form was refused, HTTP 413');
});

test('the address answers as it likes, but neither with a page nor that it is not ok', async () => {
  const outcomeOf = async (status: number, body: string) =>
    (await send(recovered, { status, retryAfterMs: null, body })).outcome;
  for (const body of ['', 'thanks', '{"id":1}']) {
    expect(await outcomeOf(202, body)).toEqual({ kind: 'sent' });
    expect(await outcomeOf(404, body)).toMatchObject({ kind: 'permanent', of: 'channel' });
  }
  const noDelivery = '{"error":"no such room","ok": false}';
  for (const [status, body] of [
    [200, '<!doctype html>'],
    [404, '<!doctype html>'],
    [200, noDelivery],
  ] as const)
    expect(await outcomeOf(status, body)).toMatchObject({
      kind: 'retry',
      detail: expect.stringContaining("the receiver's"),
    });
});

test('its options are an address, and what is wrong with one is said without it', () => {
  const schema = jsonChannel.optionsSchema(z);
  expect(schema.parse({ url })).toEqual({ url });
  for (const wrong of ['no url', 'ftp://secret.example.org', 'https://ann:secret@example.org']) {
    const { error } = schema.safeParse({ url: wrong });
    expect(error?.issues[0]?.message).toBe(jsonChannel.faultOf({ url: wrong }));
    expect(JSON.stringify(error)).not.toContain('secret');
  }
});

test('a signed message is one that a library for Standard Webhooks believes, and another is not', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const { post } = await send(recovered, undefined, { secret });
  const { headers = {}, body = '' } = post ?? {};
  expect(headers).toMatchObject({ 'webhook-id': 'key', 'webhook-timestamp': String(now / 1000) });
  vi.setSystemTime(now);
  onTestFinished(() => void vi.useRealTimers());
  expect(new Webhook(secret).verify(body, { ...headers })).toEqual(post?.payload);
  expect(() => new Webhook(secret).verify(`${body} `, { ...headers })).toThrow('signature');
  expect(jsonChannel.secrets({ url, secret })).toEqual([url, secret]);
  for (const wrong of ['whsec_c2hvcnQ=', 'plain', `whsec_${'é'.repeat(40)}`])
    expect(jsonChannel.faultOf({ url, secret: wrong })).toMatch(/whsec_.*Standard Webhooks/);
});

test('as CloudEvents an alert has the names that others know, under an id that stays', async () => {
  const form = 'cloudevents';
  const { post } = await send(recovered, undefined, { form });
  expect(post?.headers['Content-Type']).toBe('application/cloudevents+json');
  expect(post?.payload).toEqual({
    specversion: '1.0',
    id: 'a1',
    source: '/sentinel/bots/bot',
    type: 'sentinel.recovered',
    time: '2026-01-05T00:00:00.000Z',
    datacontenttype: 'application/json',
    severity: 'info',
    data: expect.objectContaining({ kind: 'recovered', outageMs: 5000, may_be_double: false }),
  });
  const two = { ...recovered, alerts: [...recovered.alerts, ...recovered.alerts] };
  const { post: both } = await send(two, undefined, { form });
  expect(both?.headers['Content-Type']).toBe('application/cloudevents-batch+json');
  expect(both?.payload).toHaveLength(2);
  const { post: plain } = await send({ ...recovered, refusal: 'HTTP 415' }, undefined, { form });
  expect(plain?.headers['Content-Type']).toBe('application/json');
});
