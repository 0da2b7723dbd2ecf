import { createCleaner, createSources } from '@sentinel/heartbeat-core';
import { absenceOf } from '../core/absence.ts';
import { steadyClock } from './clock.ts';
import { isDryRun, wouldTell } from './dry-run.ts';
import { asOutputOf } from './in-lines.ts';
import { dryJournal } from './journal/dry-journal.ts';
import { openJournal } from './journal/journal.ts';
import type { BotOptions, Monitor, MonitorOptions } from './options.ts';
import { processesOf } from './processes/index.ts';
import type { Shared } from './shared.ts';
import { type BotWatch, watchBot } from './watch-bot.ts';

/** Each tick wakes an idle monitor, which beats and orders do by themselves: half of its cost at one in a second. */
const tickMs = 5000;
/** What a supervised bot prints is passed on at every tick. */
const supervisedTickMs = 1000;
/** A timer that fires later than this by as much more shows that this process was frozen, in ms. */
const pulseMs = 2000;
const lateMs = 1500;
/** From the first byte of a write to the journal until it has landed, as a rule, in ms. */
const settledMs = 20;
/** The monitor says in the journal that it lives this often, in ms. */
const aliveEveryMs = 5000;

const sameOptions = (one: BotOptions, other: BotOptions) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Watches bots until it is stopped: watch, judge, decide, act. All of them share one timer, one watcher for a
 * folder, and one look for orders in five seconds, besides those that a change of the journal brings.
 *
 * @throws InstanceHeldError when another monitor watches one of the files: two would restart the bot twice.
 * @throws RangeError when market hours are none, or two bots have one name or one file.
 * @example
 * // The store is what `openStore` of `@sentinel/history` gives, the notifier what `createNotifier` of `@sentinel/notify` does.
 * const watch = (parts: Pick<MonitorOptions, 'store' | 'notifier' | 'log'>) =>
 *   startMonitor({
 *     ...parts,
 *     bots: [
 *       {
 *         name: 'bot1',
 *         file: 'logs/heartbeat_status.txt',
 *         health: defaultHealthPolicy,
 *         restart: defaultRestartPolicy,
 *         marketHours: null,
 *         command: 'python heartbeat.py',
 *       },
 *     ],
 *     intervalMs: 60_000,
 *   });
 */
export const startMonitor = (options: MonitorOptions): Monitor => {
  const { bots, store, clock = steadyClock } = options;
  const id = bots[0]?.name ?? 'monitor';
  const journal = openJournal(store, id, clock.wall, options.log.warn);
  const { processes, note } =
    options.processes === undefined
      ? processesOf(process.platform)
      : { processes: options.processes, note: null };
  if (note !== null) options.log.warn(note);
  let pulseAt = clock.now();
  const pulse = setInterval(() => {
    pulseAt = clock.now();
  }, pulseMs);
  const shared: Shared = {
    ...options,
    clean: options.clean ?? createCleaner(),
    onOutput: options.onOutput ?? ((text, bot) => void process.stdout.write(asOutputOf(bot, text))),
    id,
    clock,
    journal,
    processes,
    random: Math.random,
    claims: new Map(),
    frozenMs: () => Math.max(0, clock.now() - pulseAt - pulseMs - lateMs),
    sources: createSources({ now: clock.now, warn: options.log.warn }),
  };
  let watches = new Map<string, BotWatch>();
  /** What a config that was refused had begun: its files are free again only when that has ended. */
  let ending: Promise<unknown> = Promise.resolve();
  let turn: Promise<void> = Promise.resolve();

  const begin = (added: readonly BotOptions[]): BotWatch[] => {
    const begun: BotWatch[] = [];
    try {
      for (const bot of added) begun.push(watchBot(bot, sharedOf(bot)));
      return begun;
    } catch (error) {
      ending = Promise.all(begun.map((watch) => watch.stop({ endBot: false })));
      throw error;
    }
  };

  const change = async (next: readonly BotOptions[]) => {
    checkNames(next);
    await ending;
    const keep = next.filter((bot) => {
      const watch = watches.get(bot.name);
      return watch !== undefined && sameOptions(watch.options, bot);
    });
    const kept = new Set(keep.map(({ name }) => name));
    const files = new Map([...watches.values()].map((watch) => [watch.options.file, watch]));
    const added = next.filter(({ name }) => !kept.has(name));
    // Files that are new to this monitor are tried first: one that another monitor holds changes nothing.
    const begun = begin(added.filter(({ file }) => !files.has(file)));
    const gone = [...watches.values()].filter(({ options: { name } }) => !kept.has(name));
    await Promise.all(gone.map((watch) => watch.stop({ endBot: false })));
    for (const {
      options: { name },
    } of gone)
      if (!next.some((bot) => bot.name === name)) journal.forget(name, clock.wall());
    begun.push(...begin(added.filter(({ file }) => files.has(file))));
    const all = new Map([...watches, ...begun.map((watch) => [watch.options.name, watch] as const)]);
    watches = new Map(next.flatMap(({ name }) => (all.has(name) ? [[name, all.get(name) as BotWatch]] : [])));
  };

  const reconfigure = (next: readonly BotOptions[]): Promise<void> => {
    // Two at once would each stop and begin the same bots.
    const mine = turn.then(() => change(next));
    // Whoever asked hears of what was refused.
    turn = Promise.allSettled([mine]).then(() => undefined);
    return mine;
  };

  const sharedOf = (bot: BotOptions): Shared =>
    bot.dryRun === true ? { ...shared, journal: dryJournal(journal, bot.name, bot.file) } : shared;

  const tellAbsence = () => {
    const names = bots.map(({ name }) => name);
    const told = absenceOf(journal.lastAlive(), clock.wall(), names);
    if (told !== null) (isDryRun(bots) ? wouldTell(options.log) : options.notifier.notify)(told);
  };

  let aliveAt = Number.NEGATIVE_INFINITY;
  let taken: ReadonlySet<number> = new Set();
  const takeOrders = () => {
    const orders = journal.poll();
    // One that takes its time, as a restart does, is still there at the next look.
    for (const order of orders) if (!taken.has(order.id)) watches.get(order.bot)?.command(order);
    taken = new Set(orders.map((order) => order.id));
  };
  /** A bot that another monitor watches is let go: two would restart it twice. */
  const keep = (watch: BotWatch) => {
    try {
      watch.keep();
    } catch (error) {
      const { name, file } = watch.options;
      options.log.error(
        `${file} is not watched here any more: ${error instanceof Error ? error.message : error}`,
        { bot: name },
      );
      if (watches.delete(name)) void watch.stop({ endBot: false });
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    shared.sources.ensure();
    for (const watch of [...watches.values()]) keep(watch);
    if (clock.now() - aliveAt >= aliveEveryMs) {
      aliveAt = clock.now();
      journal.alive(clock.wall());
    }
    takeOrders();
    for (const watch of watches.values()) watch.tick();
    options.onWork?.();
    const supervises = [...watches.values()].some((watch) => watch.options.supervise === true);
    timer = setTimeout(tick, supervises ? supervisedTickMs : tickMs);
  };

  checkNames(bots);
  try {
    watches = new Map(begin(bots).map((watch) => [watch.options.name, watch]));
  } catch (error) {
    // Nothing of a monitor that was refused may keep its process alive.
    clearInterval(pulse);
    shared.sources.close();
    throw error;
  }
  tellAbsence();
  tick();
  let news: NodeJS.Timeout | undefined;
  const hear = () => {
    news = undefined;
    // The monitor's own writes are no news.
    if (journal.hasNews()) takeOrders();
  };
  // What SQLite writes first: a moment later it can be read.
  shared.sources.onChange(`${store.file}-wal`, () => {
    news ??= setTimeout(hear, settledMs);
  });
  return {
    views: () => [...watches.values()].map(({ view }) => view()),
    reconfigure,
    stop: async ({ endBot = false } = {}) => {
      clearTimeout(timer);
      clearInterval(pulse);
      await turn;
      await Promise.all([...watches.values()].map(({ stop }) => stop({ endBot })));
      shared.sources.close();
      clearTimeout(news);
      // With what still waits.
      journal.ended(clock.wall());
    },
  };
};

const checkNames = (bots: readonly BotOptions[]) => {
  for (const key of ['name', 'file'] as const)
    if (new Set(bots.map((bot) => bot[key])).size < bots.length)
      throw new RangeError(`Expected every bot to have its own \`${key}\`: two of them share one`);
};
