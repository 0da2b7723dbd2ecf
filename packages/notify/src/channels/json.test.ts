import { expect, test } from 'vitest';
import * as z from 'zod';
import type { Batch } from '../core/channel.ts';
import type { HttpAnswer } from '../core/outcome.ts';
import { readAlert } from '../core/read-alert.ts';
import { jsonChannel } from './json.ts';

const url = 'https://example.org/alerts';
const at = Date.UTC(2026, 0, 5);
const batchOf = (body: string, more: Partial<Batch> = {}): Batch => ({
  alerts: [readAlert({ key: 'a1', at, body })],
  mayBeDouble: false,
  refusal: null,
  ...more,
});
const recovered = batchOf('{"kind":"recovered","bot":"bot","outageMs":5000}');

const send = async (batch: Batch, answer: HttpAnswer = { status: 202, retryAfterMs: null, body: '' }) => {
  const posts: { headers: unknown; payload: unknown }[] = [];
  const outcome = await jsonChannel.send(batch, 'key', {
    options: { url },
    http: {
      request: async (to, { headers, body = '' }) => {
        expect(to).toBe(url);
        posts.push({ headers, payload: JSON.parse(body) });
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

test('the address answers as it likes, but not with a page', async () => {
  const outcomeOf = async (status: number, body: string) =>
    (await send(recovered, { status, retryAfterMs: null, body })).outcome;
  for (const body of ['', 'thanks', '{"id":1}']) {
    expect(await outcomeOf(202, body)).toEqual({ kind: 'sent' });
    expect(await outcomeOf(404, body)).toMatchObject({ kind: 'permanent', of: 'channel' });
  }
  for (const status of [200, 404])
    expect(await outcomeOf(status, '<!doctype html>')).toMatchObject({
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
