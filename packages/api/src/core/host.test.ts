import { expect, test } from 'vitest';
import { isOwnHost } from './host.ts';

const names = new Set(['heartbeat-api', 'sentinel.example.com']);

test.each([
  undefined,
  '127.0.0.1',
  '127.0.0.1:5000',
  '192.0.2.7:5000',
  '255.249.199.0',
  '[::1]',
  '[::1]:5000',
  '[2001:db8::1]:5000',
  '[fe80::1%eth0]:5000',
  'localhost',
  'LOCALHOST:5000',
  'localhost.',
  'sentinel.localhost:5000',
  'heartbeat-api:5000',
  'Sentinel.Example.com',
  'sentinel.example.com.:443',
])('a request for %s is for this API', (header) => expect(isOwnHost(header, names)).toBe(true));

test.each([
  '',
  'evil.example',
  'evil.example:5000',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evil-localhost',
  'xlocalhost',
  'heartbeat-api.evil.example',
  'sentinel.example.com.evil.example',
  '[evil.example]',
  '[::1].evil.example',
  '[::1]evil.example:5000',
  '1.2.3',
  '999.1.1.1',
  '1.2.3.256',
  ' ',
  '..',
])('a request for %o is not', (header) => expect(isOwnHost(header, names)).toBe(false));
