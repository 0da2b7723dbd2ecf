import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { envSchema as api } from '../../../apps/api/src/env.ts';
import { envSchema as bot } from '../../../apps/bot/src/env.ts';
import { environment as monitor } from '../../../apps/monitor/src/env.ts';

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
