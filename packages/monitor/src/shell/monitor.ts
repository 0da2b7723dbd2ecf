import { randomUUID } from 'node:crypto';
import { createCleaner } from '@sentinel/heartbeat-core';
import { absenceOf } from '../core/absence.ts';
import { cleanJournal, cleanNotifier } from './clean-parts.ts';
import { isDryRun, wouldTell } from './dry-run.ts';
import { asOutputOf } from './in-lines.ts';
import { openInbox } from './inbox.ts';
import { openJournal } from './journal/journal.ts';
import type { BotOptions, Monitor, MonitorOptions } from './options.ts';
import { portsOf } from './ports/ports.ts';
import { startPulse } from './pulse.ts';
import type { Shared } from './shared.ts';
import { createTurns } from './turns.ts';
import { startUpkeep } from './upkeep.ts';
import { type Watches, watchBots } from './watches.ts';

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
  const { bots, store, log, clean = createCleaner() } = options;
  const notifier = cleanNotifier(options.notifier, clean);
  const ports = portsOf(options, log.warn);
  const { clock, sources } = ports;
  const id = bots[0]?.name ?? 'monitor';
  const journal = cleanJournal(openJournal(store, id, clock.wall, log.warn), clean);
  const pulse = startPulse(clock);
  const shared: Shared = {
    ...options,
    ...ports,
    clean,
    notifier,
    onOutput: options.onOutput ?? ((text, bot) => void process.stdout.write(asOutputOf(bot, text))),
    id,
    life: randomUUID(),
    journal,
    claims: new Map(),
    turns: createTurns(clock),
    frozenMs: pulse.frozenMs,
    lateBy: pulse.lateBy,
    worked: pulse.worked,
  };
  const leave = () => {
    pulse.stop();
    sources.close();
  };
  const watches = watchOrLeave(bots, shared, leave);
  const absence = absenceOf(
    journal.lastAlive(),
    clock.wall(),
    bots.map(({ name }) => name),
  );
  if (absence !== null) (isDryRun(bots) ? wouldTell(log) : notifier.notify)(absence);
  const inbox = openInbox(shared, store.file, watches);
  const upkeep = startUpkeep(shared, watches, inbox.take);
  return {
    views: () => watches.all().map((watch) => watch.view()),
    reconfigure: watches.change,
    stop: async ({ endBot = false } = {}) => {
      upkeep.stop();
      await watches.stop({ endBot });
      inbox.close();
      leave();
      // With what still waits.
      journal.ended(clock.wall());
    },
  };
};

/** Nothing of a monitor that was refused may keep its process alive. */
const watchOrLeave = (bots: readonly BotOptions[], shared: Shared, leave: () => void): Watches => {
  try {
    return watchBots(bots, shared);
  } catch (error) {
    leave();
    throw error;
  }
};
