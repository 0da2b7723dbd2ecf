import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Observer } from '@sentinel/fleet';
import {
  acquireInstanceLock,
  createCleaner,
  createHeartbeat,
  foreignFolder,
  InstanceHeldError,
  writeStatusFile,
} from '@sentinel/heartbeat-core';
import type { Config, FleetSettings } from '@sentinel/monitor';
import { createNotifier } from '@sentinel/notify';
import { channelSecrets } from './channel-names.ts';
import { channelsOf } from './channels.ts';
import type { Env } from './env.ts';
import { openJournalStore } from './journal.ts';
import { openLog } from './log.ts';
import { readProxies } from './proxies.ts';

/** How the hosts are, for `fleet status` and for whoever looks into the folder. */
export const statusName = 'fleet_status.txt';
/** The same for the API of this machine. */
const tableName = 'fleet_table.json';
/** The observer's own heartbeat: a monitor and the API of its machine can watch it. */
const heartbeatName = 'fleet_heartbeat.txt';
const statusEveryMs = 2000;
/** The table of very many bots is long: so many bytes a second are written at most. */
const tableBytes = 500_000;

export type InFleet = Config & { readonly fleet: FleetSettings };
type Texts = Pick<typeof import('@sentinel/fleet'), 'fleetLines' | 'fleetSummary'>;
type Writing = {
  readonly folder: string;
  readonly name: string;
  readonly secrets: readonly string[];
  readonly warn: (line: string) => void;
};

const untilStopped = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => done());
  });

const hold = (file: string) => {
  try {
    return acquireInstanceLock(file, {});
  } catch (error) {
    if (!(error instanceof InstanceHeldError) || error.startedAt === null) throw error;
    throw new Error(
      `an observer works in ${dirname(file)} already. ${error.message}. Set SENTINEL_DB to a file in another folder`,
    );
  }
};

const placeOf = (env: Env, name: string, isName: (name: string) => boolean): string => {
  if (!isName(name)) throw new Error('--observer: expected letters, digits, `-` and `_`, 63 at most');
  const foreign = foreignFolder(env.database);
  if (foreign !== null)
    throw new Error(
      `${foreign}, so no observer works there: run it as that user, or set SENTINEL_DB to a file in a folder in which only root may write`,
    );
  return dirname(env.database);
};

/** The secrets of the channels are in no line of its, and no proxy is half set. */
const withChannels = (given: Env, { channels = [] }: Config): Env => {
  const proxy = readProxies(given.proxy);
  if (typeof proxy === 'string') throw new Error(proxy);
  return { ...given, proxy, secrets: [...given.secrets, ...channelSecrets(given, channels)] };
};

/** Writes down how the hosts are, again and again. @returns what stops it. */
const writeDown = (
  { hosts, hearing, table }: Observer,
  { folder, name, secrets, warn }: Writing,
  { fleetLines, fleetSummary }: Texts,
) => {
  let tableAt = Number.NEGATIVE_INFINITY;
  const heartbeat = createHeartbeat({
    file: join(folder, heartbeatName),
    secrets,
    // Whoever may lay a link there would choose what is replaced.
    followLinks: false,
    onError: ({ code }) => warn(`${heartbeatName} cannot be written (${code})`),
  });
  const timer = setInterval(() => {
    const all = hosts();
    const { kind } = hearing();
    const summary = fleetSummary(all);
    heartbeat.update(`${kind === 'hears' ? '✅ Observes' : '❌ Deaf, judges no host:'} ${summary}`, true);
    const first = `${new Date().toISOString()} ${name} ${kind}; ${summary}`;
    writeStatusFile(join(folder, statusName), `${[first, ...fleetLines(all)].join('\n')}\n`);
    const begun = performance.now();
    if (begun < tableAt) return;
    const text = table();
    const refused = writeStatusFile(join(folder, tableName), text);
    if (refused !== null) warn(`${tableName} cannot be written (${refused}): the API says that it is old`);
    tableAt = begun + (text.length / tableBytes) * 1000;
  }, statusEveryMs);
  return () => clearInterval(timer);
};

/** Observes the fleet until a signal ends it. */
export const observe = async (config: InFleet, given: Env, observer: string | undefined): Promise<number> => {
  const parts = await import('@sentinel/fleet');
  const env = withChannels(given, config);
  const name = observer ?? parts.nodeNameOf(hostname());
  const folder = placeOf(env, name, parts.isNodeName);
  const lock = hold(join(folder, 'fleet_observer'));
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const log = openLog(join(folder, 'fleet_observer.log'), say, { clean: createCleaner(env.secrets) });
  for (const line of env.warnings) log.warn(line);
  const store = openJournalStore(join(folder, 'fleet.db'), log.warn, env.secrets);
  const notifier = createNotifier({
    ...{ store, channels: channelsOf(env, config), off: config.notify === false, log: log.info },
    ...{ name: 'fleet', host: hostname(), proxy: env.proxy },
  });
  const { nats, maxAge } = config.fleet;
  try {
    const running = parts.startObserver({
      ...{ name, nats, log, teller: notifier, file: join(folder, 'fleet_state.json') },
      policy: maxAge === undefined ? {} : { maxAgeMs: maxAge * 1000 },
    });
    const stop = writeDown(running, { folder, name, secrets: env.secrets, warn: log.warn }, parts);
    log.info(`Observer ${name} listens to ${nats.servers.join(', ')}`);
    await untilStopped();
    stop();
    await running.stop();
    await notifier.flush();
    await notifier.stop();
    return 0;
  } finally {
    store.close();
    log.close();
    lock.release();
  }
};
