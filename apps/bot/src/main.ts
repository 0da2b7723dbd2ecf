import { acquireInstanceLock, createHeartbeat, InstanceHeldError } from '@sentinel/heartbeat-core';
import { openStore } from '@sentinel/history';
import { createNotifier } from '@sentinel/notify';
import { usualChannels } from '@sentinel/slack';
import { createServiceManager } from '@sentinel/systemd';
import { beatAs, tellingOf, watchSession } from './beat.ts';
import { runBot } from './bot.ts';
import { demoAccount } from './compose.ts';
import { createRedactor } from './core/redact.ts';
import { statuses } from './core/statuses.ts';
import { dataIn, type Env, fileIn, readSystemd, secretsOf } from './env.ts';
import { exitCodes } from './exit-codes.ts';
import { createLog } from './log.ts';
import { moveData } from './store/move-data.ts';
import { problemOfFolders } from './store/own-data.ts';

// Ten seconds are promised to whoever stops the bot.
const longestStopMs = 9000;
const flushMs = 1500;

/**
 * Runs the bot until it is told to stop. The exit code. Before the lock is held nothing is written at all.
 * `onlyLock`: a bot that no other one turns away ends there, whatever account is set. The drill starts such a one.
 */
export const main = async (env: Env, complain: (line: string) => void, onlyLock = false): Promise<number> => {
  const problem = problemOfFolders(env.HEARTBEAT_STATUS_FILE, env);
  if (problem !== null) {
    complain(problem);
    return exitCodes.usage;
  }
  try {
    const lock = acquireInstanceLock(env.HEARTBEAT_STATUS_FILE);
    if (onlyLock) {
      lock.release();
      complain('No other bot runs on this status file: this one does not start to work');
      return exitCodes.failure;
    }
    return await runLocked(env).finally(lock.release);
  } catch (error) {
    if (!(error instanceof InstanceHeldError)) throw error;
    complain(`Another bot runs on this status file: ${error.message}`);
    return exitCodes.alreadyRunning;
  }
};

const runLocked = async (env: Env): Promise<number> => {
  const redact = createRedactor([...secretsOf(env), demoAccount.password]);
  const log = createLog({ file: fileIn(env, 'trading_sentinel.log'), format: env.LOG_FORMAT, redact });
  // Before the first signal is taken: what was executed before must be known.
  moveData(env.logs, env.data, (line) => log.info(line));
  const systemd = createServiceManager({ ...readSystemd(), warn: (line) => log.warn(line) });
  const told = tellingOf(createHeartbeat({ file: env.HEARTBEAT_STATUS_FILE }), systemd.worked);
  const { heartbeat, sessionActive } = watchSession(told);
  const beat = beatAs(heartbeat, redact, log)('main');
  const planned = () => beat(statuses.stopped, { stopped: true, sessionActive: false });
  // The time is up before the bot has come to sign out.
  const cutShort = () => {
    if (sessionActive()) beat(statuses.notSignedOut, { sessionActive: false });
    planned();
  };
  const ended = (error: unknown) => {
    const { message, stack } =
      error instanceof Error ? error : { message: String(error), stack: String(error) };
    log.fatal({ err: stack }, `The bot ends: ${message}`);
    beat(statuses.ended(message.split('\n')[0] ?? ''), { sessionActive: false });
  };
  // Node would print the error as it is, and the last beat would go on saying that all is well.
  process.on('uncaughtException', (error) => {
    ended(error);
    process.exit(exitCodes.failure);
  });
  const stop = stopOnSignals(() => {
    beat(statuses.stopping);
    void systemd.stopping();
  }, cutShort);
  const store = openStore(dataIn(env, 'notifications.db'));
  const notifier = createNotifier({
    store,
    channels: usualChannels({
      url: env.SLACK_WEBHOOK_URL,
      criticalUrl: env.SLACK_WEBHOOK_URL_CRITICAL,
      fallbackUrl: env.FALLBACK_WEBHOOK_URL,
    }),
    log: (line) => log.info(redact(line)),
    name: env.SENTINEL_BOT_NAME,
    proxy: { https: env.HTTPS_PROXY, http: env.HTTP_PROXY, none: env.NO_PROXY },
  });
  try {
    beat(statuses.starting, { sessionActive: false });
    systemd.ready();
    await runBot({ env, heartbeat, redact, log, notifier, now: Date.now }, stop);
    planned();
    return exitCodes.ok;
  } catch (error) {
    ended(error);
    return exitCodes.failure;
  } finally {
    await notifier.flush(flushMs);
    // Not waited for: what is under way now is sent once more by the next start, rather than to make the stop late.
    void notifier.stop();
  }
};

const stopOnSignals = (onStop: () => void, onLimit: () => void): AbortSignal => {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) return;
    onStop();
    stop.abort();
    // An order whose answer does not come stays in the record: the next start asks the broker first.
    setTimeout(() => {
      onLimit();
      process.exit(exitCodes.ok);
    }, longestStopMs).unref();
  };
  // SIGHUP: the terminal was closed. A bot that were simply ended by it would leave its session and no word.
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('SIGHUP', onSignal);
  return stop.signal;
};
