import { expect, test } from 'vitest';
import { readProxies } from './proxies.ts';

const none = { https: undefined, http: undefined, none: undefined };

test('a proxy without a scheme is one that speaks HTTP', () => {
  expect(readProxies({ ...none, https: '127.0.0.1:3128', http: 'https://user:pass@proxy' })).toEqual({
    ...none,
    https: 'http://127.0.0.1:3128',
    http: 'https://user:pass@proxy',
  });
});

test.each(['not a url', 'socks5://127.0.0.1:1080', 'ftp://proxy'])('%s is refused, unseen', (given) => {
  const line = readProxies({ ...none, http: given });
  expect(line).toMatch(/^HTTP_PROXY: Expected the address of a proxy/);
  expect(line).not.toContain(given);
});
