import type { Heartbeat } from '@sentinel/heartbeat-core';
import { beatAs } from './beat.ts';
import { brokerOf, demoSite, loginOf, paperBroker, sourceOf } from './compose.ts';
import { statuses } from './core/statuses.ts';
import { createDrills } from './drills/act.ts';
import { dataIn, drillsAllowed, type Env } from './env.ts';
import type { Log } from './log.ts';
import { createSession } from './login/session.ts';
import { createCycle } from './loop/cycle.ts';
import { createExecution } from './loop/execution.ts';
import { runTradingLoop } from './loop/trading-loop.ts';
import { createDailySummary } from './reporter/daily-summary.ts';
import { createReporter, type ReporterOptions } from './reporter/reporter.ts';
import { settingsOf } from './settings.ts';
import { openMemory } from './store/memory.ts';
import { createPrune } from './store/prune.ts';

export type BotOptions = {
  readonly env: Env;
  readonly heartbeat: Heartbeat;
  readonly redact: (text: string) => string;
  readonly log: Log;
  readonly notifier: ReporterOptions['notifier'];
  readonly now: () => number;
};

const withinMs = 2500;

// The stop has ten seconds in all: what a broker or a browser does not answer in time is left as it is.
const briefly = async (work: () => Promise<unknown>): Promise<boolean> => {
  const limit = new Promise<boolean>((resolve) => setTimeout(resolve, withinMs, false).unref());
  const done = work().then(
    () => true,
    () => false,
  );
  return Promise.race([done, limit]);
};

/** Runs the bot until `stop` is aborted, then signs out and closes everything. */
export const runBot = async (
  { env, heartbeat, redact, log, notifier, now }: BotOptions,
  stop: AbortSignal,
) => {
  const beatOf = beatAs(heartbeat, redact, log);
  const beat = beatOf('loop');
  const settings = settingsOf(env);
  const report = createReporter({ notifier, bot: env.SENTINEL_BOT_NAME, beat: beatOf('reporter'), redact });
  const memory = openMemory(dataIn(env, 'bot.db'));
  const paper = paperBroker(env, settings, now);
  const site = await demoSite(env, settings, paper);
  const warn = (line: string) => log.warn(line);
  const login = loginOf(env, settings, site, now, warn);
  const broker = brokerOf(env, settings, paper, login, site);
  const source = await sourceOf(env, settings, paper, memory, now, warn);
  if (site !== null) log.info(`The demo's broker site: ${site.url}`);

  const shared = { ...settings, memory, report, now };
  const session = createSession({ ...shared, login, policy: settings.login, beat: beatOf('login') });
  const execution = createExecution({ ...shared, broker, beat });
  const cycle = createCycle({
    ...shared,
    source,
    session,
    broker,
    execution,
    market: env.SENTINEL_MARKET,
    beat,
  });
  // Without a session the broker's page may be one on which a person has something to do: it is left alone.
  const collect = async () => {
    if (broker !== paper && !session.active()) throw new Error('There is no session');
    await execution.collect();
  };
  const summarize = createDailySummary({ ...shared, collect, prune: createPrune({ ...shared, paper }) });
  const drills = createDrills({ folder: env.data, beat, site, loseSession: session.forget, now });
  const before = async (signal: AbortSignal) => {
    if (drillsAllowed(env)) await drills(signal);
    await summarize();
  };

  await report({ kind: 'startup', broker: env.SENTINEL_BROKER, signals: source.name });
  await runTradingLoop({ ...settings, cycle, before, beat, log }, stop);

  if (session.active())
    beat((await briefly(session.signOut)) ? statuses.signedOut : statuses.notSignedOut, {
      sessionActive: false,
    });
  await briefly(session.close);
  await briefly(source.close);
  await briefly(async () => site?.stop());
  memory.close();
  paper.close();
};
