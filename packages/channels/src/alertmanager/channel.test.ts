import { expect, test } from 'vitest';
import * as z from 'zod';
import { at, batchOf, sendThrough, startService } from '../../test/support/service.ts';
import { alertmanagerChannel } from './channel.ts';

const incident = 'bot@2026-01-05T00:00:00.000Z';
const bodyOf = (facts: object) => JSON.stringify({ bot: 'bot', incident, host: 'server', ...facts });
const stale = bodyOf({ kind: 'unhealthy', state: 'stale', reason: 'no beat' });
const attempted = bodyOf({ kind: 'restart-attempted', attempt: 1, most: 5 });
const recovered = bodyOf({ kind: 'recovered', outageMs: 5000 });
const said = (open: boolean) =>
  JSON.stringify({ kind: 'bot-says', bot: 'bot', topic: 'no-stop', what: 'long 2', open });
const taken = { status: 200, body: '' };

type Postable = {
  readonly labels: object;
  readonly startsAt?: string;
  readonly endsAt: string;
  readonly annotations: object;
};
const send = async (bodies: readonly string[], answer: { status: number; body?: unknown } = taken) => {
  const service = await startService(() => answer);
  const options = { url: `${service.url}/prefix/`, token: 'token-of-the-proxy' };
  const outcome = await sendThrough(alertmanagerChannel, options, batchOf(bodies));
  return { outcome, asked: service.asked, alerts: service.asked[0]?.body as unknown as Postable[] };
};

test('an alarm has the same labels from its beginning to its end', async () => {
  const { outcome, asked, alerts } = await send([stale]);
  expect(outcome).toEqual({ kind: 'sent' });
  expect(asked[0]).toMatchObject({
    path: '/prefix/api/v2/alerts',
    headers: { authorization: 'Bearer token-of-the-proxy' },
  });
  const labels = { alertname: 'SentinelIncident', bot: 'bot', alarm: incident, severity: 'critical' };
  expect(alerts).toMatchObject([
    {
      labels,
      startsAt: new Date(at).toISOString(),
      annotations: { summary: '❌ bot is stale', host: 'server' },
    },
  ]);
  const leftMs = Date.parse(alerts[0]?.endsAt ?? '') - Date.now();
  expect(leftMs).toBeGreaterThan(50 * 60_000);
  for (const body of [attempted, recovered]) expect((await send([body])).alerts[0]?.labels).toEqual(labels);
  const [end] = (await send([recovered])).alerts;
  expect(Date.parse(end?.endsAt ?? '')).toBeLessThanOrEqual(Date.now());
  expect(end?.startsAt).toBeUndefined();
});

test('what the bot says of itself is an alarm of that name', async () => {
  const [open] = (await send([said(true)])).alerts;
  const [end] = (await send([said(false)])).alerts;
  expect(open?.labels).toEqual({
    ...{ alertname: 'SentinelNoStop', bot: 'bot', alarm: 'bot/no-stop', severity: 'warning' },
  });
  expect(end?.labels).toEqual(open?.labels);
});

test('of alarms that had to wait each comes once, as it was last', async () => {
  const { alerts } = await send([stale, attempted, recovered, said(true)]);
  expect(alerts).toHaveLength(2);
  expect(alerts[0]?.startsAt).toBeUndefined();
});

test.each([
  [
    { status: 400, body: '"alerts validation failed"' },
    { kind: 'permanent', of: 'message' },
  ],
  [
    { status: 422, body: { code: 601, message: 'endsAt in body' } },
    { kind: 'permanent', of: 'message' },
  ],
  [
    { status: 401, body: '<html>sign in</html>' },
    { kind: 'retry', reason: 'foreign' },
  ],
  [
    { status: 200, body: 'welcome' },
    { kind: 'retry', reason: 'foreign' },
  ],
  [
    { status: 503, body: '' },
    { kind: 'retry', reason: 'server' },
  ],
])('%j is what it is', async (answer, outcome) => {
  expect((await send([stale], answer)).outcome).toMatchObject(outcome);
});

test('its options are checked before they are used', () => {
  expect(alertmanagerChannel.faultOf({ url: 'http://localhost:9093' })).toBeNull();
  expect(alertmanagerChannel.faultOf({ url: 'http://ann:s3cret@localhost' })).toMatch(
    /user name or a password/,
  );
  expect(alertmanagerChannel.optionsSchema(z).safeParse({ url: 'http://localhost:9093' }).success).toBe(true);
});
