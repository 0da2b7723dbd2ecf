import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { FleetOrder } from '@sentinel/fleet';
import {
  acquireInstanceLock,
  createCleaner,
  createHeartbeat,
  foreignFolder,
  InstanceHeldError,
  isSystemError,
  keepYoungGenerationSmall,
  oneLine,
  parseDuration,
  readPlainFile,
  writeStatusFile,
} from '@sentinel/heartbeat-core';
import { type Config, type FleetSettings, readConfigWithoutBots } from '@sentinel/monitor';
import { createNotifier } from '@sentinel/notify';
import { channelProblems, channelSecrets } from './channel-names.ts';
import { channelsOf } from './channels.ts';
import type { Env } from './env.ts';
import { openJournalStore } from './journal.ts';
import { openLog } from './log.ts';
import { readProxies } from './proxies.ts';
import type { Request } from './request.ts';
import { userName } from './user-name.ts';

export type FleetRequest = Request & { readonly task: 'fleet' };
/** How the hosts are, for `fleet status` and for whoever looks into the folder. */
const statusName = 'fleet_status.txt';
/** The same for the API of this machine. */
const tableName = 'fleet_table.json';
/** The observer's own heartbeat: a monitor and the API of its machine can watch it. */
const heartbeatName = 'fleet_heartbeat.txt';
const statusEveryMs = 2000;
/** The table of very many bots is long: so many bytes a second are written at most. */
const tableBytes = 500_000;
const oldStatusMs = 15_000;

type Outcome = { readonly code: number; readonly line: string };
type InFleet = Config & { readonly fleet: FleetSettings };
type Found =
  | { readonly kind: 'found'; readonly config: InFleet }
  | { readonly kind: 'wrong'; readonly lines: readonly string[] };

const wrong = (...lines: string[]): Found => ({ kind: 'wrong', lines });

const configOfFleet = async (file: string | undefined, env: Env): Promise<Found> => {
  if (file === undefined) return wrong('fleet: say which config file has the fleet, with --config');
  const outcome = await readConfigWithoutBots(file);
  if (outcome.kind === 'wrong') return outcome;
  const { fleet, channels = [] } = outcome.config;
  if (fleet === undefined) return wrong(`${file}: has no fleet`);
  const problems = channelProblems(env, channels).map((problem) => `${file}: ${problem}`);
  return problems.length > 0 ? wrong(...problems) : { kind: 'found', config: { ...outcome.config, fleet } };
};

const untilStopped = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => done());
  });

const hold = (file: string) => {
  try {
    return acquireInstanceLock(file, {});
  } catch (error) {
    if (!(error instanceof InstanceHeldError)) throw error;
    throw new Error(
      `an observer works in ${dirname(file)} already. ${error.message}. Set SENTINEL_DB to a file in another folder`,
    );
  }
};

/** Observes the fleet until a signal ends it. */
const observe = async (config: InFleet, given: Env, observer: string | undefined): Promise<number> => {
  const { fleetLines, fleetSummary, isNodeName, nodeNameOf, startObserver } = await import('@sentinel/fleet');
  keepYoungGenerationSmall();
  const proxy = readProxies(given.proxy);
  if (typeof proxy === 'string') throw new Error(proxy);
  const env = {
    ...given,
    proxy,
    secrets: [...given.secrets, ...channelSecrets(given, config.channels ?? [])],
  };
  const folder = dirname(env.database);
  const name = observer ?? nodeNameOf(hostname());
  if (!isNodeName(name)) throw new Error('--observer: expected letters, digits, `-` and `_`, 63 at most');
  const foreign = foreignFolder(env.database);
  if (foreign !== null)
    throw new Error(
      `${foreign}, so no observer works there: run it as that user, or set SENTINEL_DB to a file in a folder in which only root may write`,
    );
  const lock = hold(join(folder, 'fleet_observer'));
  const clean = createCleaner(env.secrets);
  const log = openLog(join(folder, 'fleet_observer.log'), (line) => process.stdout.write(`${line}\n`), {
    clean,
  });
  for (const line of env.warnings) log.warn(line);
  const store = openJournalStore(join(folder, 'fleet.db'), log.warn, env.secrets);
  const notifier = createNotifier({
    ...{ store, channels: channelsOf(env, config), off: config.notify === false, log: log.info },
    ...{ name: 'fleet', host: hostname(), proxy },
  });
  const { nats, maxAge } = config.fleet;
  try {
    const running = startObserver({
      ...{ name, nats, log, teller: notifier, file: join(folder, 'fleet_state.json') },
      policy: maxAge === undefined ? {} : { maxAgeMs: maxAge * 1000 },
    });
    let tableAt = Number.NEGATIVE_INFINITY;
    const heartbeat = createHeartbeat({ file: join(folder, heartbeatName), secrets: env.secrets });
    const timer = setInterval(() => {
      const hosts = running.hosts();
      const { kind } = running.hearing();
      const summary = fleetSummary(hosts);
      heartbeat.update(`${kind === 'hears' ? '✅ Observes' : '❌ Deaf, judges no host:'} ${summary}`, true);
      const first = `${new Date().toISOString()} ${name} ${kind}; ${summary}`;
      writeStatusFile(join(folder, statusName), `${[first, ...fleetLines(hosts)].join('\n')}\n`);
      const begun = performance.now();
      if (begun < tableAt) return;
      const table = running.table();
      const refused = writeStatusFile(join(folder, tableName), table);
      if (refused !== null)
        log.warn(`${tableName} cannot be written (${refused}): the API says that it is old`);
      tableAt = begun + (table.length / tableBytes) * 1000;
    }, statusEveryMs);
    log.info(`Observer ${name} listens to ${nats.servers.join(', ')}`);
    await untilStopped();
    clearInterval(timer);
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

/** What an observer in this folder says of the fleet. */
const show = (folder: string): Outcome => {
  const file = join(folder, statusName);
  try {
    const { bytes, stats } = readPlainFile(file, { followLinks: false });
    if (Date.now() - stats.mtimeMs > oldStatusMs)
      return { code: 3, line: `no observer runs here: ${file} is old` };
    const text = bytes.toString('utf8').trim();
    const [first = ''] = text.split('\n');
    return { code: / 0 down, 0 unknown/.test(first) ? 0 : / 0 down,/.test(first) ? 1 : 2, line: text };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { code: 3, line: `no observer has run here: ${file} cannot be read (${error.code})` };
  }
};

/** A key for one agent or observer: the file has the secret, and what is printed is for the servers. */
const makeKey = async (file: string): Promise<Outcome> => {
  const { createFleetKey } = await import('@sentinel/fleet');
  const { seed, publicKey } = createFleetKey();
  try {
    writeFileSync(file, `${seed}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { code: 1, line: `${file} cannot be made (${error.code})` };
  }
  return { code: 0, line: publicKey };
};

const give = async ({ fleet }: InFleet, order: FleetOrder): Promise<Outcome> => {
  const { giveFleetOrder } = await import('@sentinel/fleet');
  const refused = await giveFleetOrder(fleet.nats, order);
  if (refused !== null) return { code: 1, line: refused };
  return { code: 0, line: `${order.kind}: given. Observers take it within a minute` };
};

const usage =
  'fleet: expected nothing, demo, status, key FILE, silence HOST DURATION, forget HOST or ack INCIDENT';

/** What the words after `fleet` ask for, besides to observe. */
const orderOf = ([word, host, text, ...more]: readonly string[]): FleetOrder | null => {
  if (host === undefined || more.length > 0) return null;
  if (word === 'forget' && text === undefined) return { kind: 'forget', host };
  if (word === 'ack' && text === undefined) return { kind: 'ack', incident: host, by: userName() };
  const minutes = text === undefined ? null : parseDuration(text, 'minutes');
  if (word !== 'silence' || minutes === null) return null;
  return { kind: 'silence', host, until: Date.now() + minutes * 60_000, by: userName() };
};

/** Runs `sentinel-monitor fleet`; resolves with the exit code. */
export const fleet = async ({ given, words, observer }: FleetRequest, env: Env): Promise<number> => {
  const clean = createCleaner(env.secrets);
  const print = ({ code, line }: Outcome): number => {
    (code === 0 ? console.log : console.error)(clean(line));
    return code;
  };
  const [word, file] = words;
  if (word === 'status' && words.length === 1) return print(show(dirname(env.database)));
  if (word === 'key' && file !== undefined && words.length === 2) return print(await makeKey(file));
  if (word === 'demo' && words.length === 1) return (await import('./fleet-demo.ts')).fleetDemo();
  const order = orderOf(words);
  if (words.length > 0 && order === null) return print({ code: 64, line: usage });
  const found = await configOfFleet(given.config, env);
  if (found.kind === 'wrong') {
    for (const line of found.lines) console.error(`error: ${oneLine(clean(line))}`);
    return 64;
  }
  return order === null ? observe(found.config, env, observer) : print(await give(found.config, order));
};
