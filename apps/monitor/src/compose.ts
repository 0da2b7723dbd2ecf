import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Store, willTroubleKey } from '@sentinel/history';
import {
  type BotView,
  botsOf,
  type Config,
  createAllClear,
  createLastWill,
  createOwnHeartbeat,
  createPing,
  createSelfTest,
  isDryRun,
  type Monitor,
  type MonitorOptions,
  sameSummary,
  startMonitor,
  summaryOf,
} from '@sentinel/monitor';
import { createHttp, createNotifier, fetchThrough, type Notification } from '@sentinel/notify';
import { createServiceManager, giveBackMemory, isRestartedBySystemd } from '@sentinel/systemd';
import { openButtons } from './buttons.ts';
import { channelsOf } from './channels.ts';
import type { Env } from './env.ts';
import { openFleetAgent } from './fleet-agent.ts';
import { closedJournal, openJournalStore } from './journal.ts';
import { lastWillOf } from './last-will.ts';
import { createLazyNotifier } from './lazy-notifier.ts';
import type { Log } from './log.ts';
import { openPeers } from './peers.ts';
import { reportWork } from './work-reports.ts';

/** A will is withdrawn within that. */
const willTimeoutMs = 4000;
/** systemd hears of the bots again when more than the seconds of an age has changed. */
const createManager = (systemd: Env['systemd'], warn: (line: string) => void) => {
  const manager = createServiceManager({ ...systemd, warn });
  let told = '';
  return {
    ...manager,
    worked: (views: readonly BotView[]) => {
      const summary = summaryOf(views);
      if (!sameSummary(summary, told)) told = summary;
      manager.worked(told);
    },
  };
};

/** The parts around a monitor that tell others how it is. */
const openReports = (config: Config, env: Env, ownFile: string | null, log: Log) => {
  // To a dead-man's switch the bots of a dry run are no news either.
  const pingUrl = isDryRun(config.bots) ? undefined : config.pingUrl;
  const { warn } = log;
  return {
    own: ownFile === null ? undefined : createOwnHeartbeat(ownFile, warn),
    manager: env.systemd.socket === undefined ? undefined : createManager(env.systemd, warn),
    ping:
      pingUrl === undefined ? undefined : createPing({ url: pingUrl, warn, fetch: fetchThrough(env.proxy) }),
  };
};

const notifiesNobody = (config: Config, env: Env): boolean =>
  config.notify === false || channelsOf(env, config).length === 0;

/** Who says what is about no single bot. */
const nameOf = ({ bots }: Config): string => (bots.length === 1 ? (bots[0]?.name ?? 'sentinel') : 'sentinel');

const notifierOf = (config: Config, env: Env, store: Store, log: Log) =>
  createNotifier({
    store,
    channels: channelsOf(env, config),
    off: config.notify === false,
    log: log.info,
    name: nameOf(config),
    host: hostname(),
    ...(config.publicUrl === undefined ? {} : { page: config.publicUrl }),
    proxy: env.proxy,
  });

/** What is said at its time of the day or of the week. */
const dailyAndWeekly = (
  config: Config,
  store: Store,
  notify: (notification: Notification) => void,
  { info }: Log,
) => {
  const parts = { store, notify, log: info, name: nameOf(config), now: Date.now };
  const [time, moment] = isDryRun(config.bots) ? [] : [config.allClear, config.selfTest];
  return {
    allClear: time === undefined ? undefined : createAllClear({ ...parts, time }),
    selfTest: moment === undefined ? undefined : createSelfTest({ ...parts, moment }),
  };
};

/** A message that waits at a third party, and tells of the death of this machine. */
const lastWillFor = (
  config: Config,
  env: Env,
  parts: Pick<Parameters<typeof createLastWill>[0], 'store' | 'notify' | 'warn' | 'clean'>,
) => {
  const set = lastWillOf(env.lastWill);
  if (isDryRun(config.bots)) return undefined;
  // What was wrong with one that is not set up any more is over.
  if (set === null) parts.store.transact((records) => records.setState(willTroubleKey, null), undefined);
  if (set === null || typeof set === 'string') return undefined;
  const isChannel = channelsOf(env, config).some(({ secrets }) =>
    secrets.some((secret) => secret.startsWith('http') && set.place.secrets.includes(secret)),
  );
  const http = createHttp({ timeoutMs: willTimeoutMs, proxy: env.proxy, now: Date.now });
  return createLastWill({ ...parts, ...set, isChannel, http, host: hostname(), name: nameOf(config) });
};

/** Where another monitor watches one of the files, nothing of this one may keep its process alive. */
const startOr = (abandon: () => void, options: MonitorOptions): Monitor => {
  try {
    return startMonitor(options);
  } catch (error) {
    abandon();
    throw error;
  }
};

/** So long people and the switch are waited for at the end, in ms: Docker kills after ten seconds. */
const lastDeliveryMs = 6000;
/** What is not delivered by then stays in the journal, for the next start. */
const atMost = async (ms: number, work: Promise<unknown>): Promise<void> => {
  const limit = new AbortController();
  const { signal } = limit;
  const done = work.then(() => limit.abort());
  const late = sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  await Promise.race([done, late]);
};

type Parts = ReturnType<typeof openReports> & {
  readonly monitor: Monitor;
  readonly store: Store;
  readonly notifier: ReturnType<typeof createLazyNotifier>;
  readonly peers: ReturnType<typeof openPeers>;
  readonly buttons: ReturnType<typeof openButtons>;
  readonly fleet: ReturnType<typeof openFleetAgent> | undefined;
  readonly lastWill: ReturnType<typeof lastWillFor>;
};

/** The monitor ends before those that tell others how it ended. */
const endAll = async (parts: Parts): Promise<void> => {
  const { own, manager, ping, monitor, store, notifier, peers, buttons, fleet, lastWill } = parts;
  // At once: what is asked of systemd takes its time, and nothing is to be started or told meanwhile.
  const ended = Promise.all([monitor.stop({ endBot: true }), buttons?.stop()]);
  const told = manager?.stopping();
  const isFollowed = lastWill !== undefined && (await isRestartedBySystemd());
  await ended;
  peers?.stop();
  const ends = [told, notifier.stop(), ping?.stopped(0), fleet?.stop(), lastWill?.stopped(isFollowed)];
  await atMost(lastDeliveryMs, Promise.all(ends));
  peers?.sayWhatWasSent();
  own?.stopped();
  store.close();
};

/**
 * Puts the parts together and begins to watch.
 *
 * @param foreign why nothing may be written into the folder of the journal; `null`: it may.
 */
export const startAll = (
  config: Config,
  env: Env,
  ownFile: string,
  foreign: string | null,
  log: Log,
  clean: (text: string) => string,
) => {
  const reports = openReports(config, env, foreign === null ? ownFile : null, log);
  const store =
    foreign === null
      ? openJournalStore(env.database, log.warn, env.secrets)
      : closedJournal(env.database, foreign);
  const bots = botsOf(config);
  const notifier = createLazyNotifier(bots, () => notifierOf(config, env, store, log));
  const { own, manager, ping } = reports;
  const { allClear, selfTest } = dailyAndWeekly(config, store, notifier.notify, log);
  const fleet = config.fleet === undefined ? undefined : openFleetAgent(config.fleet, config.host, log);
  const { notify } = notifier;
  const lastWill = lastWillFor(config, env, { store, notify, warn: log.warn, clean });
  const reporting = [own, manager, ping, allClear, selfTest, lastWill, fleet];
  const listeners = reporting.filter((listener) => listener !== undefined);
  // The first looks are made while the monitor starts: there is nobody yet to ask for views.
  let started: Monitor | undefined;
  let stopping = false;
  const tell = reportWork(listeners, () => started?.views() ?? []);
  // systemd asks for signs of life: the monitor gives one with each look, and with each tick in between.
  const most = env.systemd.socket === undefined ? null : env.systemd.watchdogMs;
  const abandon = () => {
    void notifier.close();
    void fleet?.stop();
    store.close();
  };
  const monitor = startOr(abandon, {
    bots,
    intervalMs: Math.min(config.interval * 1000, most === null ? Number.POSITIVE_INFINITY : most / 3),
    store,
    notifier,
    silent: notifiesNobody(config, env),
    log,
    environment: env.started,
    clean,
    onWork: () => {
      if (started !== undefined && !stopping) tell();
    },
  });
  started = monitor;
  const peers = openPeers(config, env, store, notifier, log);
  const channels = channelsOf(env, config);
  const buttons = openButtons(config, env, { channels, store, notify, log, name: nameOf(config) });
  manager?.ready();
  giveBackMemory();
  ping?.started();
  const parts = { ...reports, monitor, store, notifier, peers, buttons, fleet, lastWill };
  const stop = async () => {
    // A look that ends now is no sign of life any more.
    stopping = true;
    await endAll(parts);
  };
  const reconfigure: Monitor['reconfigure'] = (next) => {
    notifier.watch(next);
    return monitor.reconfigure(next);
  };
  return { monitor: { ...monitor, reconfigure }, stop };
};
