import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { envSchema as api } from '../../../apps/api/src/env.ts';
import { envSchema as bot } from '../../../apps/bot/src/env.ts';
import { environment as monitor } from '../../../apps/monitor/src/env.ts';
import { childEnvironment } from '../../../packages/monitor/src/core/child-environment.ts';

const root = resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const services = { bot: 'trading-sentinel', monitor: 'heartbeat-monitor', api: 'heartbeat-api' } as const;

const settings = JSON.parse(read('scripts/systemd/settings.json')) as Record<keyof typeof services, string[]>;

/** The monitor gets these as flags, which its unit and compose make of them. */
const flags = ['SENTINEL_INTERVAL_SECONDS', 'SENTINEL_MAX_AGE_MINUTES'];
const known: Record<keyof typeof services, readonly string[]> = {
  bot: Object.keys(bot.shape),
  monitor: [...Object.keys(monitor), ...flags, 'TZ'],
  api: [...Object.keys(api.shape), 'TZ'],
};

/** The names under `environment:` of a part of a compose file. */
const namesIn = (text: string) => {
  const block = /^( *)environment:.*\n((?:\1 +.*\n)+)/m.exec(text)?.[2] ?? '';
  return [...block.matchAll(/^ +([A-Z_]+):/gm)].map(([, name = '']) => name);
};
const compose = read('docker/compose.yaml');
const partOf = (name: string) =>
  new RegExp(`^ {2}${name}:\\n(?: {4}.*\\n|\\n)+`, 'm').exec(compose)?.[0] ?? '';
const common = namesIn(compose.slice(compose.indexOf('x-app:'), compose.indexOf('\nservices:')));

test.each(['bot', 'monitor', 'api'] as const)('%s gets every setting that it knows, by name', (service) => {
  // The unit and the image say where these are.
  const placed = ['SENTINEL_BOT_DATA', 'SENTINEL_DASHBOARD_DIR'];
  const wanted = known[service].filter((name) => !placed.includes(name));
  expect(settings[service]).toEqual(expect.arrayContaining(wanted));
  expect([...common, ...namesIn(partOf(services[service]))]).toEqual(expect.arrayContaining(wanted));
});

test.each(['monitor', 'api'] as const)('%s gets no setting that it does not know', (service) => {
  expect(settings[service].filter((name) => !known[service].includes(name))).toEqual([]);
  const more = [...flags, 'DOCKER_HOST', 'DOCKER_CONFIG'];
  const given = [...common, ...namesIn(partOf(services[service]))];
  expect(given.filter((name) => ![...known[service], ...more].includes(name))).toEqual([]);
});

test('in one container the bot gets its own settings from the monitor, and where its data lies', () => {
  const single = read('docker/compose.single.yaml');
  const list = /--pass-env\n +- (\S+)\n/.exec(single)?.[1] ?? '';
  const given = Object.fromEntries(namesIn(single).map((name) => [name, 'set']));
  const passed = Object.keys(childEnvironment('node bot/dist/index.js', given, list));
  expect(passed).toEqual(expect.arrayContaining([...known.bot]));
});

test('what the account is signed in with is given to the bot alone', () => {
  const secrets = known.bot.filter((name) => /^(BULENOX|SIGNAL)_/.test(name));
  expect(secrets).toContain('BULENOX_PASSWORD');
  for (const service of ['monitor', 'api'] as const)
    for (const secret of secrets) {
      expect(settings[service]).not.toContain(secret);
      expect(partOf(services[service])).not.toContain(secret);
    }
  for (const file of ['docker/compose.yaml', 'docker/compose.single.yaml'])
    expect(read(file), file).not.toContain('env_file');
  for (const service of ['bot', 'monitor', 'api'])
    expect(read(`scripts/systemd/sentinel-${service}.service`)).toContain(
      `EnvironmentFile=/opt/sentinel/env/${service}.env`,
    );
});

describe('a .env as editors of every system save it', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-env-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const text = 'SENTINEL_MAX_AGE_MINUTES=7\r\nSENTINEL_BOT_NAME="täglich"\r\n';
  const write = (bytes: Buffer | string) => writeFileSync(join(folder, '.env'), bytes);
  const split = () =>
    spawnSync(process.execPath, [join(root, 'scripts/systemd/settings.mjs'), join(folder, '.env'), folder], {
      encoding: 'utf8',
    });
  /** What the deployment reads of it, on the server. */
  const far = (command: string) =>
    spawnSync(
      'sh',
      ['-c', `${read('scripts/far-side.sh').replace(/^main .*$/m, '')}\nSHARED='${folder}'\n${command}`],
      { encoding: 'utf8' },
    );

  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte-order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16, as Windows PowerShell writes it', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, the other way around', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('loses no setting: %s', (kind, bytes) => {
    write(bytes);
    expect(split()).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'bot.env'), 'utf8')).toContain('SENTINEL_BOT_NAME="täglich"');
    expect(far('is_text "$SHARED/.env"').status).toBe(kind.includes('UTF-16') ? 1 : 0);
    if (!kind.includes('UTF-16')) expect(far('setting SENTINEL_MAX_AGE_MINUTES 5').stdout).toBe('7');
  });

  test.each([
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
    ['Latin-1', Buffer.from(text, 'latin1')],
  ])('is refused with a line that says what to do: %s', (_, bytes) => {
    write(bytes);
    const { status, stderr } = split();
    expect([status, stderr]).toEqual([1, expect.stringContaining('save it as UTF-8')]);
    expect(stderr).not.toContain('täglich');
  });
});
