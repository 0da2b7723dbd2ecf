import { ownMs } from '@sentinel/tooling-vitest/own-time';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStatusFile } from './parse.ts';
import { createCleaner, oneLine } from './printable.ts';
import { explainProblem } from './problem.ts';
import { secretsIn } from './secrets-in.ts';

const steers =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is tested
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E01EF}\p{Co}\p{Cn}]/u;

test('what is shown steers no terminal and keeps its lines', () => {
  const clean = createCleaner();
  expect(clean('\u001b[31mred\u001b[0m and \u009b2Jgone\u0007\u001b]0;title\u0007')).toBe(
    'red and gone  ]0;title ',
  );
  expect(clean('one\r\ntwo\rthree\u2028four\n\tfive')).toBe('one\ntwo three four\n\tfive');
  expect(clean('a\u200Bb\u200Dc\u200Ed\u061Ce\u000Bf\u0085g')).toBe('a b c d e f g');
  expect(clean('so\u00ADft \u2060\uFEFFw\u3164x\u{E0041}y ❤\uFE0F')).toBe('so ft   w x y ❤\uFE0F');
  expect(clean('a\uE000b\u{F0000}c\uFFFFd\u0378e\u{E0101}f')).toBe('a b c d e f');
  expect(clean('✅ 中文 👨‍💻 עברית')).toBe('✅ 中文 👨‍💻 עברית');
});

test('nothing that steers a terminal is left of any text', () => {
  const clean = createCleaner();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(clean(text)).not.toMatch(steers);
      expect(oneLine(text)).not.toMatch(steers);
      expect(oneLine(text)).not.toMatch(/[\n\t]/);
    }),
    { numRuns: 1000 },
  );
});

test('secrets of the environment are struck out, also URL-encoded and coloured', () => {
  const secrets = secretsIn({
    BULENOX_PASSWORD: 'hunter&22',
    MY_API_KEY: 'k-0123456',
    SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/xyz',
    SIGNAL_WEBHOOK_TOKEN: 'token-of-ours',
    SIGNAL_WEBHOOK_PORT: '5001',
    EMPTY_TOKEN: '',
    NO_TOKEN: undefined,
    PATH: '/usr/bin',
  });
  expect(secrets).toHaveLength(5);
  const clean = createCleaner(secrets);
  const shown = clean(
    'hunter&22 hunter%2622 hun\u001b[0mter&22 k-0123456 token-of-ours /services/T0/B0/xyz 5001',
  );
  expect(shown).not.toMatch(/hunter|0123456|token-of-ours/);
  expect(shown).toContain('5001');
});

test('a long text of half sequences takes no time that grows with its square', () => {
  const clean = createCleaner();
  // 0.1 s here; the square would be minutes.
  const ms = ownMs(() => {
    for (const unit of ['\u001b[', '\u001b[1;', '\u001b[0 ', '\r']) clean(unit.repeat(300_000));
  });
  expect(ms).toBeLessThan(10_000);
});

test('no field of line 3 carries a line break or a control character further', () => {
  const evil = 'x\u001b[2J\n2026-01-01 all is well\u009b1m\u2028y';
  const details = {
    session_active: true,
    host: evil,
    instance: evil,
    source: evil,
    progress: evil,
    boot: evil,
  };
  const reading = parseStatusFile(`✅ On\n2026-05-06T11:59:30Z\n${JSON.stringify(details)}`);
  if (reading.kind !== 'beat') throw new Error('not a beat');
  for (const key of ['host', 'instance', 'source', 'progress', 'boot'] as const)
    expect([key, reading.record[key]]).toEqual([key, 'x [2J 2026-01-01 all is well 1m y']);
});

test.each([
  ['a broken line 3', '✅ On\n2026-05-06T11:59:30Z\n{"x\u009b2J\u202e'],
  ['a field of another kind', '✅ On\n2026-05-06T11:59:30Z\n{"session_active":"\u009b2J\u007f"}'],
  ['no timestamp', '✅ On\n2026\u001b[2J\u009b'],
])('why a file is no beat is said without what stands in it: %s', (_, text) => {
  const reading = parseStatusFile(text);
  if (reading.kind === 'beat') throw new Error('a beat');
  expect(explainProblem(reading.problem)).not.toMatch(steers);
});

test('a secret is struck out in the forms in which others write it', () => {
  const secret = 'p/ä "x"*(1)!\\9?';
  const clean = createCleaner([secret]);
  const basic = Buffer.from(`user:${secret}`);
  for (const form of [
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    JSON.stringify(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ])
    expect(clean(`before ${form} after`), form).toMatch(/^before "?\[redacted\]"? after$/);
  for (const form of [basic.toString('base64'), basic.toString('base64url')])
    expect(clean(`before ${form} after`), form).toContain('[redacted]');
});

test('each line of a secret of several lines is one', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----';
  expect(createCleaner([key])('error at kqhkiG9w0BAQEF')).toBe('error at [redacted]');
});

test('names that mostly mean a secret are known, and harmless values are left', () => {
  const value = 'a-secret-value';
  for (const name of [
    'DB_PASS',
    'DB_PWD',
    'ENCRYPTION_KEY',
    'GITHUB_PAT',
    'SENTRY_DSN',
    'TOKEN_GITHUB',
    'PASSWORD2',
    'PGPASSWORD',
    'PGPASS',
    'BROKER_JWT',
    'DISCORD_WEBHOOK',
    'WALLET_MNEMONIC',
  ])
    expect(secretsIn({ [name]: value }), name).toEqual([value]);
  expect(
    secretsIn({ DATABASE_URL: 'postgres://bot:hunter%2F2222@db/x', API_URL: 'https://x/?token=tok-12345' }),
  ).toEqual(['hunter%2F2222', 'hunter/2222', 'tok-12345']);
  // What people type is short, and often of digits.
  expect(
    secretsIn({ CARD_PIN: '482913', DB_PASS: 'hunt12', SENTRY_DSN: 'bot:hunter2222@tcp(db:3306)/x' }),
  ).toEqual(['482913', 'hunt12', 'bot:hunter2222@tcp(db:3306)/x', 'hunter2222']);
  expect(secretsIn({ DATABASE: 'Server=db;User Id=bot;Password="hunter 2222";' })).toEqual(['hunter 2222']);
  // A variable of any name.
  for (const token of [
    'ghp_0123456789abcdef',
    'xoxb-0123456789-abc',
    'eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl',
  ])
    expect(secretsIn({ MINE: token })).toEqual([token]);
  const harmless = {
    USE_JWT: 'true',
    GPIO_PIN: '17',
    COMPASS: '/srv/compass',
    PWD: '/srv/sentinel',
    OLDPWD: '/srv',
    SSH_KEY: '/root/.ssh/id',
    TOKEN_TTL: '36000000',
    MONKEY: value,
    URL: 'https://x/?page=12345678',
    KEYBOARD: value,
  };
  expect(secretsIn(harmless)).toEqual([]);
});

test('the part of a webhook that admits is secret without its host too, as libraries name a request', () => {
  const token = 'xR7c0Zt2mQ9wLk4VbN8sHd3f';
  const clean = createCleaner(
    secretsIn({ SLACK_WEBHOOK_URL: `https://hooks.slack.com/services/T0123ABCD/B0123ABCD/${token}` }),
  );
  const said = `Max retries exceeded with url: /services/T0123ABCD/B0123ABCD/${token} (Caused by NameResolutionError)`;
  expect(clean(said)).not.toContain(token);
  expect(clean(said)).toContain('Caused by NameResolutionError');
  // So is all of a path that is short, and a part of letters of one kind.
  for (const path of ['/hooks/abc', '/hook/a1b2c3d4', `/hooks/${'qhzkpvmx'.repeat(2)}`]) {
    const cleaned = createCleaner(secretsIn({ SLACK_WEBHOOK_URL: `https://example.org${path}` }));
    expect(cleaned(`POST ${path} failed`)).toBe('POST [redacted] failed');
    const end = path.slice(path.lastIndexOf('/') + 1);
    expect(cleaned(end) === end, path).toBe(end.length < 8);
  }
  // Words that somebody chose stay readable.
  const chosen = secretsIn({ FALLBACK_WEBHOOK_URL: 'https://example.org/hooks/trading-notifications' });
  expect(createCleaner(chosen)('trading-notifications of hooks')).toBe('trading-notifications of hooks');
});

test('many secrets and a long text take no time that grows with both', () => {
  const clean = createCleaner(
    Array.from({ length: 40 }, (_, index) => `secret-number-${index}-${'x'.repeat(30)}`),
  );
  expect(ownMs(() => clean('secret-number-'.repeat(50_000)))).toBeLessThan(10_000);
});
