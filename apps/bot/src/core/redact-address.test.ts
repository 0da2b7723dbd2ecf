import { secretsInAddress } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { createRedactor } from './redact.ts';

const address = 'https://jo%40x.org:Hunter%202@broker.example/login?lang=en&token=abc%2Fdef%2Fghi&k=short';

test.each([
  [
    `page.goto: net::ERR_FAILED at ${address}`,
    'page.goto: net::ERR_FAILED at https://[secret]:[secret]@broker.example/login?[secret]',
  ],
  ['user jo@x.org with Hunter 2', 'user [secret] with [secret]'],
  ['another order: ?k=short&token=abc%2Fdef%2Fghi', 'another order: ?[secret]&[secret]'],
  ['decoded: abc/def/ghi', 'decoded: [secret]'],
  ['a short word of it is an ordinary word', 'a short word of it is an ordinary word'],
])('%s', (text, clean) => {
  expect(createRedactor(secretsInAddress(address))(text)).toBe(clean);
});

test('an address without anything of the kind has no secrets, nor has a damaged one', () => {
  expect(secretsInAddress('https://broker.example/login')).toEqual([]);
  expect(secretsInAddress('no address')).toEqual([]);
  expect(secretsInAddress(undefined)).toEqual([]);
  expect(secretsInAddress('https://%zz:x@broker.example/')).toContain('%zz');
});
