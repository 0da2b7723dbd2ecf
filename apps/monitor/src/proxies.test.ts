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

test('a path behind the address is left out, and a password keeps its escapes', () => {
  expect(readProxies({ ...none, https: 'http://us%40er:s%2Fcret@proxy:3128/pac?x=1#y' })).toEqual({
    ...none,
    https: 'http://us%40er:s%2Fcret@proxy:3128',
  });
});

test.each([
  'not a url',
  'socks5://127.0.0.1:1080',
  'ftp://proxy',
  'http://user:100%@proxy',
  'http://%ff:word@proxy',
])('%s is refused, unseen', (given) => {
  const line = readProxies({ ...none, http: given });
  expect(line).toMatch(/^HTTP_PROXY: Expected the address of a proxy/);
  expect(line).not.toContain(given);
});
