import { expect, test } from 'vitest';
import { backoffMs, outcomeOf, parseRetryAfter } from './send-outcome.ts';

const attempt = { kind: 'slack' as const, number: 1, now: Date.UTC(2026, 0, 1), random: 0 };
const outcome = (
  status: number,
  retryAfter: string | null = null,
  body = '',
  kind: 'slack' | 'json' = 'slack',
) => outcomeOf({ status, retryAfter, body }, { ...attempt, kind });

// The whole table: what stands in no row is tried again.
const message = [400, 413, 415, 422];
const passing = [407, 408, 409, 421, 423, 425, 429];
const statuses = Array.from({ length: 500 }, (_, index) => 100 + index);
const expected = (status: number): string => {
  if (message.includes(status)) return 'permanent message';
  if (status >= 400 && status < 500 && !passing.includes(status)) return 'permanent channel';
  return 'retry';
};
const seen = (found: ReturnType<typeof outcome>) =>
  found.kind === 'permanent' ? `permanent ${found.of}` : found.kind;

test.each(statuses)('HTTP %i in the words of Slack has one outcome', (status) => {
  expect(seen(outcome(status, null, 'no_service'))).toBe(expected(status));
  expect(seen(outcome(status, null, ' ok\n'))).toBe(status >= 200 && status < 300 ? 'sent' : 'retry');
});

const page = '<!doctype html><title>Sign in to the proxy</title>';
test.each(['', page, 'Forbidden', 'forbidden', 'access_denied', 'no_services', '{"ok":false}'])(
  '%j is no word of Slack: tried again, whatever the status',
  (body) => {
    for (const status of statuses) expect(outcome(status, null, body).kind, String(status)).toBe('retry');
  },
);

test('a word that Slack does not document does not silence its webhook', () => {
  expect(outcome(403, null, 'access_denied')).toMatchObject({
    kind: 'retry',
    reason: 'foreign',
    detail: "HTTP 403, not in Slack's words: the word access_denied",
  });
});

test('what is refused in other words than those of Slack is tried again slowly, and in a plain form if it is about the message', () => {
  expect(outcome(403, null, page)).toEqual({
    kind: 'retry',
    reason: 'foreign',
    afterMs: 16_000,
    detail: "HTTP 403, not in Slack's words: a page of HTML",
  });
  expect(outcome(413, null, page)).toMatchObject({ kind: 'retry', plain: true });
});

test.each([
  [200, page, "HTTP 200, but not Slack's ok: a page of HTML"],
  [200, '', "HTTP 200, but not Slack's ok: an empty answer"],
  [200, '{"ok":false}', "HTTP 200, but not Slack's ok: JSON"],
  [200, 'no_service', "HTTP 200, but not Slack's ok: the word no_service"],
  [200, 'OK (not found)', "HTTP 200, but not Slack's ok: another text"],
  [302, page, 'HTTP 302, a redirect, which is not followed'],
])('HTTP %i %j is told as what it is', (status, body, detail) => {
  expect(outcome(status, null, body)).toMatchObject({ reason: 'foreign', afterMs: 500, detail });
});

test('an address that is not of Slack answers as it likes, but not with a page', () => {
  for (const body of ['', 'thanks', '{"id":1}']) {
    expect(outcome(202, null, body, 'json').kind).toBe('sent');
    expect(seen(outcome(404, null, body, 'json'))).toBe('permanent channel');
  }
  for (const status of [200, 404]) expect(outcome(status, null, page, 'json').kind).toBe('retry');
});

test.each([400, 403, 404, 410])(
  'HTTP %i in the words of Slack is never tried again, and says what Slack said',
  (status) => {
    expect(outcome(status, '5', 'no_service')).toMatchObject({
      kind: 'permanent',
      detail: `HTTP ${status} no_service`,
    });
  },
);

test.each([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ECONNREFUSED', 'network'],
  ['ECONNRESET', 'network'],
  ['UND_ERR_SOCKET', 'network'],
  ['ETIMEDOUT', 'timeout'],
  ['TimeoutError', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
])('%s is tried again, as a matter of %s', (error, reason) => {
  const detail = expect.stringContaining(error);
  expect(outcomeOf({ error }, attempt)).toEqual({ kind: 'retry', reason, afterMs: 500, detail });
});

test('what a refusal or an error says is repeated only if it is one plain word', () => {
  const secret = 'https://hooks.slack.com/services/T0/B0/secret';
  for (const status of [200, 302, 404])
    for (const body of [`<p>${secret}</p>`, secret, `{"to":"${secret}"}`])
      expect(JSON.stringify(outcome(status, null, body))).not.toContain('secret');
  expect(JSON.stringify(outcomeOf({ error: `connect to ${secret}` }, attempt))).not.toContain('secret');
});

test('Retry-After is obeyed as seconds and as a date, for an hour at most', () => {
  expect(outcome(429, '30')).toMatchObject({ reason: 'rate-limited', afterMs: 30_000 });
  expect(outcome(503, 'Thu, 01 Jan 2026 00:02:00 GMT')).toMatchObject({ reason: 'server', afterMs: 120_000 });
  expect(outcome(429, '999999999')).toMatchObject({ afterMs: 3_600_000 });
  expect(outcome(429, '0')).toMatchObject({ afterMs: 500 });
  expect(parseRetryAfter('soon', 0)).toBeNull();
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:00 GMT', 5000)).toBe(0);
});

test('the wait doubles from one second to five minutes, and chance takes up to half of it', () => {
  expect([1, 2, 3, 9, 10, 99].map((number) => backoffMs(number, 1))).toEqual([
    1000, 2000, 4000, 256_000, 300_000, 300_000,
  ]);
  expect(backoffMs(4, 0)).toBe(4000);
  expect(backoffMs(4, 0.5)).toBe(6000);
});
