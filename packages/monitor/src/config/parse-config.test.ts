import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { toBotOptions } from './bot-options.ts';
import { configJsonSchema } from './config-schema.ts';
import { parseConfig, parseWithoutBots } from './parse-config.ts';

const bot = { name: 'alpha', file: 'logs/a.txt' };
const parse = (document: unknown) =>
  parseConfig(z, typeof document === 'string' ? document : JSON.stringify(document));
const linesOf = (document: unknown) => {
  const outcome = parse(document);
  return outcome.kind === 'wrong' ? outcome.lines : [];
};

test('what a bot does not say comes from the defaults, then from the program', () => {
  const outcome = parse({
    defaults: { maxAge: 2, backoff: 3, restart: 'run' },
    bots: [bot, { name: 'beta', file: 'logs/b.txt', maxAge: 0.05 }],
  });
  if (outcome.kind === 'wrong') throw new Error(outcome.lines.join());
  const [alpha, beta] = outcome.config.bots.map(toBotOptions);
  expect(outcome.config.interval).toBe(60);
  expect(alpha).toMatchObject({
    name: 'alpha',
    command: 'run',
    health: { maxAgeMs: 120_000, maxStallMs: null },
    restart: { enabled: true, backoffMs: 3000, graceMs: 120_000, most: 5, restartTimeoutMs: null },
    marketHours: null,
  });
  expect(beta?.health.maxAgeMs).toBe(3000);
});

test('market hours reach the bot as they stand', () => {
  const marketHours = {
    timeZone: 'America/Chicago',
    weeklyClosures: [{ from: 'Fri 16:00', to: 'Sun 17:00' }],
    dailyBreak: { from: '16:00', to: '17:00' },
    holidays: ['2026-12-25'],
    earlyCloses: { '2026-12-24': '12:15' },
  };
  const outcome = parse({ bots: [{ ...bot, marketHours }] });
  expect(outcome).toMatchObject({ kind: 'config', config: { bots: [{ marketHours }] } });
});

test('a time is a number, or a text with a unit', () => {
  expect(
    parse({ interval: '2m', bots: [{ ...bot, maxAge: '90s', backoff: '1m', startupGrace: 0.5 }] }),
  ).toMatchObject({
    kind: 'config',
    config: { interval: 120, bots: [{ maxAge: 1.5, backoff: 60, startupGrace: 0.5 }] },
  });
});

test.each([
  [
    'a time that is too long',
    { bots: [{ ...bot, backoff: '2d' }] },
    'bots[0].backoff: expected seconds as a plain number, or with a unit: 90s, 5m, 2h, 1d; above 0 and up to 86400 seconds, found "2d"',
  ],
  [
    'a value of another type',
    { bots: [{ ...bot, maxAge: '5' }] },
    'bots[0].maxAge: expected minutes as a plain number, or with a unit: 90s, 5m, 2h, 1d; above 0 and up to 525600 minutes, found "5"',
  ],
  [
    'a value out of range',
    { bots: [bot, { ...bot, maxRestarts: 0 }] },
    'bots[1].maxRestarts: expected a whole number from 1 to 1000, found 0',
  ],
  [
    'a fraction of a count',
    { bots: [{ ...bot, failureThreshold: 1.5 }] },
    'bots[0].failureThreshold: expected a whole number from 1 to 1000, found 1.5',
  ],
  [
    'a default out of range',
    { defaults: { backoff: -1 }, bots: [bot] },
    'defaults.backoff: expected seconds as a plain number, or with a unit: 90s, 5m, 2h, 1d; above 0 and up to 86400 seconds, found -1',
  ],
  [
    'a bot without a file',
    { bots: [{ name: 'a' }] },
    'bots[0].file: expected a text that is not empty, found nothing',
  ],
  [
    'a key with a slip of the pen',
    { bots: [{ ...bot, maxage: 5 }] },
    'bots[0].maxage: is no setting, did you mean maxAge?',
  ],
  [
    'a key at the top that is unknown',
    { intervall: 5, bots: [bot] },
    'intervall: is no setting, did you mean interval?',
  ],
  [
    'a key like nothing',
    { bots: [bot], xyzzyx: 1 },
    'xyzzyx: is no setting, known are $schema, defaults, bots, channels, escalation, fleet, peers, interval, notify, allClear, selfTest, publicUrl, pingUrl, host, peerMaxAge, canary',
  ],
  ['no bots', { bots: [] }, 'bots: too small: expected array to have >=1 items, found []'],
  [
    'a zone that does not exist',
    { bots: [{ ...bot, timezone: 'Mars/Olympus' }] },
    'bots[0].timezone: expected a time zone such as Europe/Berlin, found "Mars/Olympus"',
  ],
  [
    'two bots of one name',
    { bots: [bot, { ...bot, file: 'b' }] },
    'bots[1].name: expected a name of its own, alpha is bots[0]',
  ],
  [
    'two bots of one file',
    { bots: [bot, { name: 'b', file: './logs/a.txt' }] },
    'bots[1].file: expected a file of its own, ./logs/a.txt is that of bots[0]',
  ],
  [
    'a parent without a command',
    { bots: [{ ...bot, supervise: true }] },
    'bots[0].supervise: needs restart, the command that runs the bot',
  ],
  [
    'a holiday that is no day',
    { bots: [{ ...bot, marketHours: { timeZone: 'UTC', holidays: ['2026-02-31'] } }] },
    'bots[0].marketHours.holidays[0]: expected a day such as 2026-12-25, found "2026-02-31"',
  ],
  [
    'a market that never opens',
    { bots: [{ ...bot, marketHours: { timeZone: 'UTC', dailyBreak: { from: '00:00', to: '00:00' } } }] },
    'bots[0].marketHours: expected market hours `dailyBreak` to be a span whose `to` is not its `from`: that would be closed for ever, got {"from":"00:00","to":"00:00"}, found {"timeZone":"UTC","dailyBreak":{"from":"00:00","to":"00:00"}…',
  ],
  [
    'an unknown key of the market',
    { bots: [{ ...bot, marketHours: { timezone: 'UTC' } }] },
    'bots[0].marketHours.timezone: is no setting, did you mean timeZone?',
  ],
])('%s is told with its path', (_, document, line) => {
  expect(linesOf(document)).toContain(line);
});

test('a text that is no JSON is told in one line, and nothing of it is repeated: it may be any file', () => {
  expect(linesOf('{\n  "bots": [,]\n}')).toEqual([
    'is no JSON that can be used: "," stands where nothing like it may',
  ]);
  expect(linesOf('{\n  bots: []\n}')).toEqual([
    'is no JSON that can be used: it cannot be read from line 2, column 3 on',
  ]);
  expect(linesOf('BULENOX_PASSWORD=hunter22\n').join()).not.toMatch(/hunter22|BULENOX/);
  expect(linesOf('')).toEqual(['is no JSON that can be used: it ends too early']);
});

test('a key that stands twice is refused: readers differ in which of them counts', () => {
  expect(linesOf('{"bots": [{"name": "a", "file": "a.txt", "restart": "x", "restart": "y"}]}')).toEqual([
    'is no JSON that can be used: an object in it has a key twice',
  ]);
});

test('an address that may hold a secret is not repeated', () => {
  expect(linesOf({ pingUrl: { url: 'https://hc.example/s3cret' }, bots: [bot] }).join()).not.toContain(
    's3cret',
  );
});

test('the published JSON Schema is current', () => {
  const published = readFileSync(new URL('../../schema/sentinel.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published), 'run: node packages/monitor/scripts/write-schema.ts').toEqual(
    JSON.parse(JSON.stringify(configJsonSchema(z))),
  );
});

test.each([
  ['a key without end', { bots: [bot], ['x'.repeat(70_000)]: 1 }],
  ['a zone without end', { bots: [{ ...bot, marketHours: { timeZone: 'x'.repeat(70_000) } }] }],
  [
    'a name without end, twice',
    { bots: [1, 2].map(() => ({ name: 'x'.repeat(70_000), file: 'y'.repeat(70_000) })) },
  ],
])('%s is told with its beginning', (_, document) => {
  const lines = linesOf(document);
  expect(lines).not.toEqual([]);
  for (const line of lines) expect(line.length).toBeLessThan(600);
});

test('a value deeper than a function may call itself is refused in words', () => {
  const text = `{"bots": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  expect(parseConfig(z, text)).toMatchObject({
    kind: 'wrong',
    lines: [expect.stringContaining('nested too deep')],
  });
});

const sent = (channels: unknown) => linesOf({ channels, bots: [bot] });

test('channels are taken with the names of the variables that hold their secrets', () => {
  const outcome = parse({
    channels: [
      { kind: 'telegram', name: 'phone', tokenEnv: 'SENTINEL_PHONE', chat: '42', min: 'critical' },
      { kind: 'discord', urlEnv: 'SENTINEL_DISCORD_TEAM', fallback: true },
    ],
    bots: [bot],
  });
  expect(outcome).toMatchObject({
    kind: 'config',
    config: {
      channels: [
        {
          kind: 'telegram',
          name: 'phone',
          min: 'critical',
          options: { chat: '42' },
          variables: { token: 'SENTINEL_PHONE' },
        },
        { kind: 'discord', name: 'discord', fallback: true, variables: { url: 'SENTINEL_DISCORD_TEAM' } },
      ],
    },
  });
});

test('a secret in the file is refused with the setting to use, and is not repeated', () => {
  const secret = 'https://hooks.slack.com/services/s3cret';
  const asUrl = sent([{ kind: 'slack', url: secret, urlEnv: 'SENTINEL_SLACK_PHONE' }]);
  expect(asUrl).toEqual([
    'channels[0].url: a secret must not stand in this file. Put it into a variable of the environment or of .env, such as SENTINEL_SLACK_URL_2, and write that name here as urlEnv',
  ]);
  for (const wrong of [
    [{ kind: 'slack', urlEnv: secret }],
    [{ kind: 'telegram', tokenEnv: '123:s3cret', chat: { s3cret: 1 } }],
    [{ kind: 'ntfy', name: secret, urlEnv: 'SENTINEL_NTFY' }],
    { url: secret },
    secret,
  ]) {
    const lines = sent(wrong);
    expect(lines).not.toEqual([]);
    expect(lines.join()).not.toContain('s3cret');
  }
});

test.each([
  [
    [{ kind: 'pager' }],
    'channels[0].kind: expected one of slack, telegram, ntfy, discord, email, alertmanager, pagerduty, webhook, found "pager"',
  ],
  [[{ kind: 'discord' }], 'channels[0].urlEnv: expected string, found nothing'],
  [
    [{ kind: 'slack' }],
    'channels[0]: expected urlEnv (a webhook), or tokenEnv and channel (a bot), found neither',
  ],
  [
    [{ kind: 'slack', tokenEnv: 'SENTINEL_A' }],
    'channels[0]: expected urlEnv (a webhook), or tokenEnv and channel (a bot), found one of the two',
  ],
  [
    [{ kind: 'slack', urlEnv: 'SENTINEL_B', tokenEnv: 'SENTINEL_A', channel: 'C0123456789' }],
    'channels[0]: expected urlEnv (a webhook), or tokenEnv and channel (a bot), found both',
  ],
  [
    [{ kind: 'slack', urlEnv: 'PATH' }],
    'channels[0].urlEnv: expected the name of a variable of the environment or of .env, which begins with SENTINEL_, found something else',
  ],
  [
    [{ kind: 'discord', urlEnv: 'SENTINEL_A', chat: '1' }],
    'channels[0].chat: is no setting of a channel of the kind discord, known are kind, name, min, fallback, urlEnv',
  ],
  [
    [
      { kind: 'discord', urlEnv: 'SENTINEL_A' },
      { kind: 'discord', urlEnv: 'SENTINEL_B' },
    ],
    'channels[1].name: expected a name of its own, discord is channels[0]',
  ],
])('%j is refused with the reason', (channels, line) => {
  expect(sent(channels)).toContain(line);
});

const fleet = { nats: { servers: ['nats://10.0.0.1:4222', 'tls://nats.example.org'] } };

test('the fleet is taken with its times in seconds, and an observer needs no bots', () => {
  expect(parse({ bots: [bot], fleet: { ...fleet, host: 'vps1', maxAge: '15s' } })).toMatchObject({
    config: { fleet: { ...fleet, host: 'vps1', maxAge: 15 } },
  });
  expect(parseWithoutBots(z, JSON.stringify({ fleet })).kind).toBe('config');
  expect(parseWithoutBots(z, '[]').kind).toBe('wrong');
});

test.each([
  [{ ...fleet, host: 'vps1.example.org' }, 'fleet.host: expected letters, digits, `-` and `_`, 63 at most'],
  [
    { nats: { servers: ['nats://ann:hunter22@10.0.0.1:4222'] } },
    'fleet.nats.servers[0]: expected nats://HOST:PORT',
  ],
  [
    { nats: { ...fleet.nats, creds: 'x' } },
    'fleet.nats.creds: is no setting, known are servers, credentials, tls',
  ],
  [{ ...fleet, maxAge: 'soon' }, 'fleet.maxAge: expected'],
  [{}, 'fleet.nats: '],
])('the fleet %j is refused with the reason, and no password is repeated', (given, line) => {
  const said = linesOf({ bots: [bot], fleet: given }).join('\n');
  expect(said).toContain(line);
  expect(said).not.toContain('hunter22');
});
