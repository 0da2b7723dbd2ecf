import { outcomeOf } from '@sentinel/notify';
import { expect, test } from 'vitest';
import { dialect } from './dialect.ts';

const outcome = (status: number, body = '') => outcomeOf({ status, retryAfterMs: null, body }, dialect);

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
  expect(seen(outcome(status, 'no_service'))).toBe(expected(status));
  expect(seen(outcome(status, ' ok\n'))).toBe(status >= 200 && status < 300 ? 'sent' : 'retry');
});

const page = '<!doctype html><title>Sign in to the proxy</title>';
test.each(['', page, 'Forbidden', 'forbidden', 'access_denied', 'no_services', '{"ok":false}'])(
  '%j is no word of Slack: tried again, whatever the status',
  (body) => {
    for (const status of statuses) expect(outcome(status, body).kind, String(status)).toBe('retry');
  },
);

test('a word that Slack does not document does not silence its webhook', () => {
  expect(outcome(403, 'access_denied')).toMatchObject({
    kind: 'retry',
    reason: 'foreign',
    detail: "HTTP 403, not in Slack's words: the word access_denied",
  });
});

test('what is refused in other words than those of Slack is tried again slowly, and in a plain form if it is about the message', () => {
  expect(outcome(403, page)).toEqual({
    kind: 'retry',
    reason: 'foreign',
    detail: "HTTP 403, not in Slack's words: a page of HTML",
    waitMs: 0,
    slowly: true,
    plainer: false,
  });
  expect(outcome(413, page)).toMatchObject({ kind: 'retry', plainer: true });
});

test.each([
  [200, page, "HTTP 200, but not Slack's ok: a page of HTML"],
  [200, '', "HTTP 200, but not Slack's ok: an empty answer"],
  [200, '{"ok":false}', "HTTP 200, but not Slack's ok: JSON"],
  [200, 'no_service', "HTTP 200, but not Slack's ok: the word no_service"],
  [200, 'OK (not found)', "HTTP 200, but not Slack's ok: another text"],
  [302, page, 'HTTP 302, a redirect, which is not followed'],
])('HTTP %i %j is told as what it is', (status, body, detail) => {
  expect(outcome(status, body)).toMatchObject({ reason: 'foreign', waitMs: 0, detail });
});

test.each([400, 403, 404, 410])(
  'HTTP %i in the words of Slack is never tried again, and says what Slack said',
  (status) => {
    expect(outcome(status, 'no_service')).toMatchObject({
      kind: 'permanent',
      detail: `HTTP ${status} no_service`,
    });
  },
);

test('what a refusal says is repeated only if it is one plain word', () => {
  const secret = 'https://hooks.slack.com/services/T0/B0/secret';
  for (const status of [200, 302, 404])
    for (const body of [`<p>${secret}</p>`, secret, `{"to":"${secret}"}`])
      expect(JSON.stringify(outcome(status, body))).not.toContain('secret');
});
