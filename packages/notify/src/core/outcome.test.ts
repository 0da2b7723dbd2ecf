import { expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';

const dialect = { whose: "Ann's", takes: () => true, refuses: () => true };

test.each([
  ['ENOTFOUND', 'dns', false],
  ['EAI_AGAIN', 'dns', false],
  ['ECONNREFUSED', 'network', false],
  ['ECONNRESET', 'network', true],
  ['UND_ERR_SOCKET', 'network', true],
  ['ETIMEDOUT', 'timeout', true],
  ['TimeoutError', 'timeout', true],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', true],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', false],
  ['CERT_HAS_EXPIRED', 'tls', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', false],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls', false],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', false],
])('%s is tried again, as a matter of %s; it may have arrived: %s', (error, reason, uncertain) => {
  const detail = expect.stringContaining(error);
  expect(outcomeOf({ error }, dialect)).toEqual({ kind: 'retry', reason, waitMs: 0, detail, uncertain });
});

test('a port to which no HTTP is sent is a fault of the address: waiting does not help', () => {
  expect(outcomeOf({ error: 'bad-port' }, dialect)).toMatchObject({ kind: 'permanent', of: 'channel' });
});

test('an answer that is no HTTP, and a failure without a reason, are told in words', () => {
  expect(outcomeOf({ error: 'no-http' }, dialect)).toMatchObject({
    detail: expect.stringMatching(/does not speak HTTP/),
  });
  expect(outcomeOf({ error: 'fetch-failed' }, dialect)).toMatchObject({
    detail: expect.stringMatching(/HTTP 407/),
  });
});

test('of a proxy that does not connect it is known that nothing arrived, and it is named', () => {
  const proxy = 'http://proxy:3128';
  for (const error of ['ECONNRESET', 'UND_ERR_HEADERS_TIMEOUT', 'ENOTFOUND'])
    expect(outcomeOf({ error, proxy }, dialect)).toMatchObject({
      detail: expect.stringContaining(`no connection through the proxy ${proxy} (${error}`),
      uncertain: false,
    });
});

test('what an error says is repeated only if it is one plain word', () => {
  const error = 'connect to https://hooks.slack.com/services/T0/B0/secret';
  expect(outcomeOf({ error }, dialect)).toMatchObject({ detail: 'unknown error' });
});

test('the wait that the far end asks for is passed on', () => {
  const answer = { status: 429, retryAfterMs: 30_000, body: '' };
  expect(outcomeOf(answer, dialect)).toMatchObject({ reason: 'rate-limited', waitMs: 30_000 });
  expect(outcomeOf({ ...answer, status: 503 }, dialect)).toMatchObject({ reason: 'server', waitMs: 30_000 });
});
