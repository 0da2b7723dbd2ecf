import { expect, test } from 'vitest';
import { createRedactor } from './redact.ts';

const redact = createRedactor(['pass "word"&1', 'user@example.org', undefined, 'abc']);

test.each([
  ['login with pass "word"&1 failed', 'login with [secret] failed'],
  ['?password=pass%20%22word%22%261&x=1', '?password=[secret]&x=1'],
  [String.raw`{"password":"pass \"word\"&1"}`, '{"password":"[secret]"}'],
  ['https://hooks.slack.com/services/T0/B0/xyz failed', 'https://hooks.slack.com/services/[secret] failed'],
  ['abc is too short to be a secret', 'abc is too short to be a secret'],
])('%s', (text, clean) => {
  expect(redact(text)).toBe(clean);
});
