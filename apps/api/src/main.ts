import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApi } from '@sentinel/api';
import { createCleaner, keepYoungGenerationSmall } from '@sentinel/heartbeat-core';
import { createServiceManager, giveBackMemory } from '@sentinel/systemd';
import { readBots } from './bots.ts';
import { listOf, readSettings, readSystemd, tokensOfBots } from './env.ts';
import { ackFleetOf } from './fleet.ts';
import { listenFailure } from './listen-failure.ts';
import { keepAsking } from './self-check.ts';

let clean = createCleaner();
/** No line of what others say looks like one of this log. */
const shown = (text: string) => clean(text).replaceAll('\n', '\n  ');
const say = (line: string) => process.stdout.write(`sentinel-api: ${shown(line)}\n`);
const complain = (line: string) => process.stderr.write(`sentinel-api: ${shown(line)}\n`);

/** Runs the API of this version until a signal ends it. Resolves to the exit code. */
export const main = async (version: string): Promise<number> => {
  keepYoungGenerationSmall();
  giveBackMemory();
  const outcome = readSettings();
  if (outcome.kind === 'wrong') {
    for (const line of outcome.lines) complain(line);
    return 2;
  }
  const { settings } = outcome;
  for (const line of outcome.warnings) complain(line);
  clean = createCleaner(outcome.secrets);
  const watched = await readBots(settings);
  if (watched.kind === 'wrong') {
    for (const line of watched.lines) complain(line);
    return 2;
  }
  const { SENTINEL_API_TOKEN, SENTINEL_READ_TOKEN, SENTINEL_BEATS_TOKEN } = settings;
  const origins = listOf(settings.SENTINEL_CORS_ORIGIN);
  const trustedProxies = listOf(settings.SENTINEL_TRUSTED_PROXIES);
  const api = createApi({
    bots: watched.bots,
    version,
    historyFile: settings.SENTINEL_DB,
    fleetFile: join(dirname(settings.SENTINEL_DB), 'fleet_table.json'),
    ...(watched.fleet === undefined ? {} : { ackFleet: ackFleetOf(watched.fleet) }),
    dashboardDir:
      settings.SENTINEL_DASHBOARD_DIR ?? fileURLToPath(new URL('../../dashboard/dist', import.meta.url)),
    ...(SENTINEL_API_TOKEN === undefined ? {} : { apiToken: SENTINEL_API_TOKEN }),
    ...(SENTINEL_READ_TOKEN === undefined ? {} : { readToken: SENTINEL_READ_TOKEN }),
    ...(SENTINEL_BEATS_TOKEN === undefined ? {} : { beatsToken: SENTINEL_BEATS_TOKEN }),
    beatsTokens: tokensOfBots(settings.SENTINEL_BEATS_TOKENS),
    ...(origins.length === 0 ? {} : { corsOrigin: origins.length === 1 ? String(origins[0]) : origins }),
    allowedHosts: listOf(settings.SENTINEL_ALLOWED_HOSTS),
    ...(trustedProxies.length === 0 ? {} : { trustedProxies }),
    clean,
    log: { info: say, warn: complain, error: complain },
  });
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const systemd = readSystemd();
  const serviceManager = createServiceManager({ ...systemd, warn: complain });
  let stopAsking: () => void;
  try {
    const { url } = await api.start({ host: settings.HOST, port: settings.PORT });
    say(`listening on ${url}`);
    serviceManager.ready();
    stopAsking = keepAsking(url, systemd.watchdogMs, () => serviceManager.worked(`listening on ${url}`));
  } catch (error) {
    complain(listenFailure(error, settings));
    await api.stop();
    return 1;
  }
  await ended;
  stopAsking();
  void serviceManager.stopping();
  await api.stop();
  return 0;
};
