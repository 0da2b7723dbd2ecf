import { expect, test } from 'vitest';
import { backoffMs, outcomeOf, parseRetryAfter } from './send-outcome.ts';

const attempt = { number: 1, now: Date.UTC(2026, 0, 1), random: 0 };
const outcome = (status: number, retryAfter: string | null = null, body = '') =>
  outcomeOf({ status, retryAfter, body }, attempt);

// The whole table: what stands in no row is tried again.
const sent = (status: number) => status >= 200 && status < 300;
const message = [400, 413, 415, 422];
const passing = [407, 408, 409, 421, 423, 425, 429];
const expected = (status: number): string => {
  if (sent(status)) return 'sent';
  if (message.includes(status)) return 'permanent message';
  if (status >= 400 && status < 500 && !passing.includes(status)) return 'permanent channel';
  return 'retry';
};

test.each(Array.from({ length: 500 }, (_, index) => 100 + index))('HTTP %i has one outcome', (status) => {
  const seen = outcome(status);
  expect(seen.kind === 'permanent' ? `permanent ${seen.of}` : seen.kind).toBe(expected(status));
  if (seen.kind === 'retry') expect(seen.afterMs).toBe(500);
});

test.each([400, 403, 404, 410])('HTTP %i is never tried again, and says what Slack said', (status) => {
  expect(outcome(status, '5', 'no_service')).toMatchObject({
    kind: 'permanent',
    detail: `HTTP ${status} no_service`,
  });
});

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
  expect(outcomeOf({ error }, attempt)).toEqual({ kind: 'retry', reason, afterMs: 500, detail: error });
});

test('what a refusal or an error says is repeated only if it is one plain word', () => {
  const secret = 'https://hooks.slack.com/services/T0/B0/secret';
  expect(JSON.stringify(outcome(404, null, `<p>${secret}</p>`))).not.toContain('secret');
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
