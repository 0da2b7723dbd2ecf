import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { botsOf, readBots } from './bots.ts';
import { listOf, readSettings, type Settings, tokensOfBots } from './env.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-env-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const settings = (env: Record<string, string>): Settings => {
  const outcome = readSettings(folder, env);
  if (outcome.kind === 'wrong') throw new Error(outcome.lines.join('\n'));
  return outcome.settings;
};

test('without any setting it is one bot on 127.0.0.1:5000', () => {
  expect(settings({})).toMatchObject({ HOST: '127.0.0.1', PORT: 5000 });
  expect(botsOf(settings({}))).toMatchObject([{ name: 'bot', file: 'logs/heartbeat_status.txt' }]);
});

test('the environment outranks the .env file, and an empty value is none', () => {
  writeFileSync(join(folder, '.env'), 'PORT=1\nHOST=::1\nSENTINEL_API_TOKEN=\n');
  expect(settings({ PORT: '2' })).toMatchObject({ PORT: 2, HOST: '::1', SENTINEL_API_TOKEN: undefined });
});

test('a .env that cannot be read is said', () => {
  mkdirSync(join(folder, '.env'));
  expect(readSettings(folder, {})).toMatchObject({
    kind: 'wrong',
    lines: [expect.stringContaining('EISDIR')],
  });
});

test.each([
  ['PORT', 'http'],
  ['PORT', '70000'],
  ['PORT', '0x10'],
  ['SENTINEL_MAX_AGE_MINUTES', '-5'],
  ['SENTINEL_READ_TOKEN', 'kurz'],
  ['SENTINEL_TRUSTED_PROXIES', 'proxy'],
  ['SENTINEL_TRUSTED_PROXIES', '10.0.0.0/33'],
  ['SENTINEL_TRUSTED_PROXIES', 'true'],
  ['SENTINEL_TRUSTED_PROXIES', 'x/8'],
  ['SENTINEL_TRUSTED_PROXIES', '0.0.0.0/0'],
  ['SENTINEL_TRUSTED_PROXIES', '::/0'],
  ['SENTINEL_CORS_ORIGIN', 'null'],
  ['SENTINEL_CORS_ORIGIN', 'desk.example'],
  ['SENTINEL_CORS_ORIGIN', 'https://desk.example/page'],
  ['SENTINEL_CORS_ORIGIN', 'https://a.example,*'],
  ['SENTINEL_CORS_ORIGIN', 'https://a.example,nonsense'],
  ['SENTINEL_ALLOWED_HOSTS', 'a b'],
  ['SENTINEL_ALLOWED_HOSTS', '.evil.com'],
  ['SENTINEL_ALLOWED_HOSTS', 'a..example'],
  ['SENTINEL_ALLOWED_HOSTS', '*.example'],
  ['SENTINEL_ALLOWED_HOSTS', 'https://a.example/'],
])('%s=%s is refused by name, without its value', (name, value) => {
  const outcome = readSettings(folder, { [name]: value });
  if (outcome.kind !== 'wrong') throw new Error('taken');
  expect(outcome.lines).toHaveLength(1);
  expect(outcome.lines[0]).toMatch(new RegExp(`^${name} `));
  expect(outcome.lines[0]).not.toContain(value);
});

test('proxies and names are separated by commas, with blanks or without', () => {
  const given = {
    SENTINEL_TRUSTED_PROXIES: '127.0.0.1, ::1,10.0.0.0/8,loopback',
    SENTINEL_ALLOWED_HOSTS: 'a,b.example ,',
  };
  expect(listOf(settings(given).SENTINEL_TRUSTED_PROXIES)).toEqual([
    '127.0.0.1',
    '::1',
    '10.0.0.0/8',
    'loopback',
  ]);
  expect(listOf(settings(given).SENTINEL_ALLOWED_HOSTS)).toEqual(['a', 'b.example']);
  expect(listOf(undefined)).toEqual([]);
});

test.each(['alpha', '=file', 'a=1,a=2', 'a=', ','])('SENTINEL_BOTS=%s is refused', (text) => {
  expect(botsOf(settings({ SENTINEL_BOTS: text }))).toBeNull();
});

test('SENTINEL_BOTS names bots and files', () => {
  expect(
    botsOf(settings({ SENTINEL_BOTS: 'a=x.txt, b = C:\\y.txt', SENTINEL_MAX_AGE_MINUTES: '2' })),
  ).toMatchObject([
    { name: 'a', file: 'x.txt', policy: { maxAgeMs: 120_000 } },
    { name: 'b', file: 'C:\\y.txt' },
  ]);
});

test('any origin may read only with a token, and several may be named', () => {
  expect(readSettings(folder, { SENTINEL_CORS_ORIGIN: '*' })).toMatchObject({
    lines: [expect.stringContaining('it needs SENTINEL_READ_TOKEN')],
  });
  expect(settings({ SENTINEL_CORS_ORIGIN: '*', SENTINEL_READ_TOKEN: 'read-token-0123' })).toBeDefined();
  const several = 'https://a.example, http://b.example:8080';
  expect(listOf(settings({ SENTINEL_CORS_ORIGIN: several }).SENTINEL_CORS_ORIGIN)).toHaveLength(2);
});

test('one token for reading and for orders is refused: whoever may read could give orders', () => {
  const token = 'the-same-token-0123';
  const outcome = readSettings(folder, { SENTINEL_READ_TOKEN: token, SENTINEL_API_TOKEN: token });
  expect(outcome).toMatchObject({ lines: [expect.stringContaining('could give orders')] });
  expect(JSON.stringify(outcome)).not.toContain(token);
});

test('the token for beats is none of the others', () => {
  const token = 'the-same-token-0123';
  for (const [name, could] of [
    ['SENTINEL_API_TOKEN', 'every bot could give orders'],
    ['SENTINEL_READ_TOKEN', 'whoever may read could beat for a dead bot'],
  ] as const) {
    const outcome = readSettings(folder, { [name]: token, SENTINEL_BEATS_TOKEN: token });
    expect(outcome).toMatchObject({ lines: [expect.stringContaining(could)] });
    expect(JSON.stringify(outcome)).not.toContain(token);
  }
});

test('bots have tokens of their own, each another one, and none of a bot that is not served', async () => {
  const read = (tokens: string, more = {}) =>
    readSettings(folder, { SENTINEL_BEATS_TOKENS: tokens, ...more });
  const pair = 'a=token-of-a-01==, b=token-of-b-01';
  expect([...tokensOfBots(pair)]).toEqual([
    ['a', 'token-of-a-01=='],
    ['b', 'token-of-b-01'],
  ]);
  expect(read(pair)).toMatchObject({
    kind: 'settings',
    secrets: expect.arrayContaining(['token-of-a-01==', 'token-of-b-01']),
  });
  const same = 'a=the-same-0123,b=the-same-0123';
  for (const wrong of [
    'a=short',
    'the-token-alone',
    '=the-token-0123',
    same,
    'a=token-one-01,a=token-two-01',
  ])
    expect(read(wrong), wrong).toMatchObject({ lines: [expect.stringContaining('name=token pairs')] });
  const other = read('a=the-same-0123', { SENTINEL_API_TOKEN: 'the-same-0123' });
  expect(other).toMatchObject({ lines: [expect.stringContaining('the token of another setting')] });
  const served = { SENTINEL_BOTS: 'a=a.txt,b=b.txt' };
  expect(await readBots(settings({ ...served, SENTINEL_BEATS_TOKENS: pair }))).toMatchObject({
    kind: 'bots',
  });
  const stray = await readBots(settings({ ...served, SENTINEL_BEATS_TOKENS: 'c=token-of-c-01' }));
  expect(stray).toMatchObject({ lines: [expect.stringContaining('not served here; these are: a, b')] });
});

test('SENTINEL_CONFIG serves the bots of the monitor, and says what is wrong with its file', async () => {
  const file = join(folder, 'sentinel.json');
  writeFileSync(
    file,
    JSON.stringify({
      bots: [
        { name: 'a', file: 'a.txt', maxAge: '90s' },
        { name: 'b', file: 'b.txt' },
      ],
    }),
  );
  expect(await readBots(settings({ SENTINEL_CONFIG: file, SENTINEL_BOTS: 'c=c.txt' }))).toEqual({
    kind: 'bots',
    bots: [
      { name: 'a', file: 'a.txt', policy: { maxAgeMs: 90_000 } },
      { name: 'b', file: 'b.txt', policy: {} },
    ],
  });
  writeFileSync(file, JSON.stringify({ fleet: { nats: { servers: ['nats://127.0.0.1:4222'] } } }));
  expect(await readBots(settings({ SENTINEL_CONFIG: file, SENTINEL_DB: 'logs/sentinel.db' }))).toEqual({
    kind: 'bots',
    bots: [{ name: 'observer', file: join('logs', 'fleet_heartbeat.txt') }],
    fleet: { nats: { servers: ['nats://127.0.0.1:4222'] } },
  });
  writeFileSync(file, '{"bots":[]}');
  expect(await readBots(settings({ SENTINEL_CONFIG: file }))).toMatchObject({
    kind: 'wrong',
    lines: [expect.stringContaining('SENTINEL_CONFIG is not usable:')],
  });
});
