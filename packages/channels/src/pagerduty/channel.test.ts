import { expect, test } from 'vitest';
import * as z from 'zod';
import { batchOf, note, sendThrough, startService } from '../../test/support/service.ts';
import { pagerdutyChannel } from './channel.ts';

const key = 'R0123456789abcdefR0123456789abcd';
const incident = 'bot@2026-01-05T00:00:00.000Z';
const bodyOf = (facts: object) => JSON.stringify({ bot: 'bot', incident, host: 'server', ...facts });
const stale = bodyOf({ kind: 'unhealthy', state: 'stale', reason: 'no beat' });
const recovered = bodyOf({ kind: 'recovered', outageMs: 5000 });
const taken = { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: incident } };

const send = async (
  answer: { status: number; body?: unknown; headers?: object },
  batch = batchOf([stale]),
) => {
  const service = await startService(() => answer);
  const outcome = await sendThrough(pagerdutyChannel, { key, server: `${service.url}/` }, batch);
  return { outcome, asked: service.asked };
};

test('an incident is triggered and resolved under one key', async () => {
  const { outcome, asked } = await send(taken);
  expect(outcome).toEqual({ kind: 'sent' });
  expect(asked[0]).toMatchObject({
    path: '/v2/enqueue',
    body: {
      routing_key: key,
      dedup_key: incident,
      event_action: 'trigger',
      payload: {
        summary: '❌ bot is stale',
        source: 'server',
        severity: 'critical',
        class: 'unhealthy',
        timestamp: '2026-01-05T00:00:00.000Z',
      },
    },
  });
  const acked = bodyOf({ kind: 'acknowledged', by: 'ann', note: '', forMs: null });
  const has = await send(taken, batchOf([acked]));
  expect(has.asked[0]?.body).toEqual({ routing_key: key, dedup_key: incident, event_action: 'acknowledge' });
  const end = await send(taken, batchOf([recovered]));
  expect(end.asked[0]?.body).toEqual({ routing_key: key, dedup_key: incident, event_action: 'resolve' });
});

test('what was refused is sent without its details', async () => {
  const { asked } = await send(taken, batchOf([stale], { refusal: 'HTTP 400' }));
  expect(asked[0]?.body).toMatchObject({ event_action: 'trigger' });
  expect(JSON.stringify(asked[0]?.body)).not.toContain('custom_details');
});

test('a note is not for PagerDuty, and several alarms never go together', () => {
  const { pace, takes = () => true } = pagerdutyChannel;
  expect(takes(JSON.parse(note('traded')))).toBe(false);
  expect(takes(JSON.parse(stale))).toBe(true);
  expect(pace.mostTogether).toBe(1);
});

const invalid = (...errors: string[]) => ({
  status: 400,
  body: { status: 'invalid event', message: 'Event object is invalid', errors },
});

test.each([
  [invalid('Invalid routing key'), 'channel'],
  [invalid("Length of 'routing_key' is incorrect (should be 32 characters)"), 'channel'],
  [invalid("'payload.severity' is invalid"), 'message'],
])('%j is a refusal of the %s', async (answer, of) => {
  expect((await send(answer)).outcome).toMatchObject({ kind: 'permanent', of });
});

test.each([
  [{ status: 429, body: { status: 'throttle exceeded' }, headers: { 'Retry-After': '7' } }, 'rate-limited'],
  [{ status: 500, body: '' }, 'server'],
  [{ status: 200, body: '<html>sign in</html>' }, 'foreign'],
  [{ status: 403, body: 'blocked' }, 'foreign'],
])('%j is tried again (%s)', async (answer, reason) => {
  expect((await send(answer)).outcome).toMatchObject({ kind: 'retry', reason });
});

test('its key is in no words of a refusal, and is checked before it is used', async () => {
  const { outcome } = await send(invalid(`no routing key ${key}`));
  expect(JSON.stringify(outcome)).not.toContain(key);
  expect(pagerdutyChannel.faultOf({ key })).toBeNull();
  expect(pagerdutyChannel.faultOf({ key: 'short' })).toContain('32 letters');
  expect(pagerdutyChannel.faultOf({ key, server: 'ftp://x' })).toContain('no URL');
  expect(pagerdutyChannel.optionsSchema(z).safeParse({ key }).success).toBe(true);
});
