import { dirname, join } from 'node:path';
import {
  acquireInstanceLock,
  createCleaner,
  foreignFolder,
  InstanceHeldError,
  type InstanceLock,
} from '@sentinel/heartbeat-core';
import { type Config, type ConfigOutcome, isDryRun } from '@sentinel/monitor';
import { startAll } from './compose.ts';
import type { Env } from './env.ts';
import { few } from './few.ts';
import { lastWillOf } from './last-will.ts';
import { liveLine } from './live-line.ts';
import { openLog } from './log.ts';
import { readProxies } from './proxies.ts';
import { reload } from './reload.ts';
import { openScreen, type Screen } from './screen.ts';

/** Only one monitor keeps a journal, its log and its own status file. */
const hold = (ownFile: string, claimOnly: boolean): InstanceLock => {
  try {
    return acquireInstanceLock(ownFile, { claimOnly });
  } catch (error) {
    if (!(error instanceof InstanceHeldError)) throw error;
    const folder = dirname(ownFile);
    // A process that has said nothing of itself need not be a monitor.
    if (error.startedAt === null) throw error;
    throw new Error(
      `a monitor works in ${folder} already. ${error.message}. Watch several bots with one monitor (--config), or set SENTINEL_DB to a file in another folder`,
    );
  }
};

/** Until a signal ends it. With a config file SIGHUP has it read again. */
const untilStopped = async (onHangUp: (() => Promise<void>) | undefined): Promise<void> => {
  let running: Promise<void> = Promise.resolve();
  const done = new AbortController();
  // One after the other. It goes on being heard while the monitor ends: unheard it would kill in the middle of that.
  const hangUp = () => {
    if (!done.signal.aborted) running = running.then(onHangUp);
  };
  if (onHangUp !== undefined) process.on('SIGHUP', hangUp);
  const ends = ['SIGTERM', 'SIGINT', ...(onHangUp === undefined ? ['SIGHUP'] : [])];
  const told = Promise.withResolvers<void>();
  // They go on being heard while the monitor ends: a second one would kill it while it ends a bot.
  for (const signal of ends) process.on(signal, () => told.resolve());
  await told.promise;
  done.abort();
  await running;
};

const describe = ({ bots }: Config, dry: boolean): string =>
  `Watching ${few(bots.map(({ name, file }) => `${name} (${file})`))}${dry ? ', as a dry run: nothing is done' : ''}`;

export const watch = async (
  config: Config,
  given: Env,
  read: (() => Promise<ConfigOutcome>) | undefined,
): Promise<number> => {
  const proxy = readProxies(given.proxy);
  if (typeof proxy === 'string') {
    console.error(`error: ${proxy}`);
    return 64;
  }
  const will = lastWillOf(given.lastWill);
  if (typeof will === 'string') {
    console.error(`error: ${will}`);
    return 64;
  }
  const env = { ...given, proxy };
  const folder = dirname(env.database);
  const ownFile = join(folder, 'heartbeat_monitor_status.txt');
  const clean = createCleaner(env.secrets);
  const foreign = foreignFolder(ownFile);
  const lock = hold(ownFile, foreign !== null);
  const screen: Screen = openScreen(process.stdout, env.isDumb);
  const logFile = foreign === null ? join(folder, 'heartbeat_monitor.log') : null;
  const log = openLog(logFile, screen.print, { clean });
  if (foreign !== null)
    log.warn(
      `${foreign}, so neither journal nor log is written there and nothing is restarted: run the monitor as that user, or set SENTINEL_DB to a file in a folder in which root alone may write`,
    );
  for (const line of env.warnings) log.warn(line);
  try {
    const { monitor, stop } = startAll(config, env, ownFile, foreign, log, clean);
    let current = config;
    // Before it says that it watches: whoever has read that may end it.
    const stopped = untilStopped(
      read &&
        (async () => {
          current = await reload(read, current, monitor, log);
        }),
    );
    log.info(describe(config, isDryRun(config.bots)));
    // What a view holds are instants of the clock that does not jump: of the wall clock they may be hours off.
    const now = () => performance.timeOrigin + performance.now();
    screen.show((columns) => liveLine(monitor.views(), { now: now(), columns, color: env.color }));
    await stopped;
    screen.close();
    await stop();
    return 0;
  } finally {
    screen.close();
    log.close();
    lock.release();
  }
};
