import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { envSchema, parseEnv, secretsOf } from './env.ts';

const problemsOf = (given: Record<string, string>): string => {
  try {
    parseEnv(given);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  ['POLLING_INTERVAL_SECONDS', 'fifteen'],
  ['POLLING_INTERVAL_SECONDS', '0'],
  ['MAX_QUANTITY', '1.5'],
  ['MAX_QUANTITY', '0x10'],
  ['SIGNAL_SOURCE', 'carrier-pigeon'],
  ['SENTINEL_BROKER', 'real'],
  ['CHROME_HEADLESS', 'perhaps'],
  ['BULENOX_LOGIN_URL', 'ftp://somewhere'],
  ['SLACK_WEBHOOK_URL', 'not-an-address'],
  ['BULENOX_SELECTORS', '{"usernam":"#x"}'],
  ['BULENOX_SELECTORS', '{'],
  ['SIGNAL_WEBHOOK_TOKEN', 'x'],
  ['SIGNAL_WEBHOOK_TOKEN', 'seven-7'],
  ['SIGNAL_WEBHOOK_TOKEN', 'with a blank'],
  ['TZ', 'Mars/Olympus'],
])('%s=%s is refused by name, without the value', (name, value) => {
  const problems = problemsOf({ [name]: value });
  expect(problems).toContain(`${name}: `);
  expect(problems.slice(problems.indexOf(':', 30))).not.toContain(value.length > 3 ? value : 'never');
});

test('all that is wrong is told at once', () => {
  expect(problemsOf({ TZ: 'x', MAX_QUANTITY: '-1' })).toMatch(/MAX_QUANTITY: .*; TZ: /);
});

test.each([
  [{ BULENOX_USERNAME: 'jo' }, 'set both or neither'],
  [{ BULENOX_PASSWORD: 'x' }, 'set both or neither'],
  [{ SIGNAL_SOURCE: 'api' }, 'SIGNAL_API_URL'],
  [{ SIGNAL_SOURCE: 'webhook' }, 'SIGNAL_WEBHOOK_TOKEN'],
  [{ BULENOX_USERNAME: 'jo', BULENOX_PASSWORD: 'x', SIGNAL_SOURCE: 'demo' }, 'SIGNAL_SOURCE'],
])('%j lacks something, and it is said what', (given, what) => {
  expect(problemsOf(given)).toContain(what);
});

test('an empty value counts as not set', () => {
  const names = Object.keys(envSchema.shape);
  expect(parseEnv(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(parseEnv({}));
});

test('.env.example names each setting', () => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  const missing = Object.keys(envSchema.shape).filter(
    (name) => !new RegExp(`^#? ?${name}=`, 'm').test(example),
  );
  expect(missing).toEqual([]);
});

test('a proxy may be set in lower case, as many systems do; the capitals win', () => {
  const env = parseEnv({
    https_proxy: 'http://small:1',
    http_proxy: 'http://small:2',
    HTTP_PROXY: 'http://big:3',
  });
  expect(env).toMatchObject({ HTTPS_PROXY: 'http://small:1', HTTP_PROXY: 'http://big:3' });
  expect(parseEnv({ no_proxy: 'localhost' }).NO_PROXY).toBe('localhost');
  expect(secretsOf(env)).toContain('http://small:1');
});

test('a proxy is one that speaks HTTP, with or without its scheme, and any other one is refused unseen', () => {
  expect(parseEnv({ https_proxy: 'max:hunter22@small:3128' }).HTTPS_PROXY).toBe(
    'http://max:hunter22@small:3128',
  );
  for (const given of ['socks5://small:1080', 'http://max:hunter22%@small:3128']) {
    const refused = () => parseEnv({ HTTP_PROXY: given });
    expect(refused).toThrow(/HTTP_PROXY: Expected the address of a proxy/);
    expect(refused).not.toThrow(given);
  }
});
