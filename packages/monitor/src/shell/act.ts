import { describe, type Notification } from '@sentinel/slack';
import type { Action } from '../core/actions.ts';
import type { CommandFacts } from '../core/observation.ts';
import { CannotEndError, endBot, type KnownProcess } from './end-process.ts';
import type { Commit } from './journal.ts';
import type { LastProcess } from './last-process.ts';
import { runLastResort } from './last-resort.ts';
import type { BotOptions } from './options.ts';
import { createRestarter } from './restart-command.ts';
import type { Shared } from './shared.ts';

/** Does what was decided for one bot; in a dry run it says what it would have done. */
export type Actor = {
  /** Writes a step down, with all that it tells. */
  readonly commit: (commit: Omit<Commit, 'notify'>) => void;
  readonly carryOut: (
    action: Action,
    last: LastProcess | undefined,
    known: KnownProcess | null,
  ) => Promise<void>;
  /** Starts the bot for the first time, as its parent. */
  readonly start: (last: LastProcess | undefined, known: KnownProcess | null) => Promise<void>;
  readonly command: (search: boolean) => CommandFacts | null;
  readonly passOutput: () => void;
  /** Ends what the restart command started. */
  readonly end: () => Promise<void>;
  readonly close: () => void;
};

export const actor = (options: BotOptions, shared: Shared): Actor => {
  const { name: bot, command, lastResort, restart: policy, dryRun = false } = options;
  const log = (line: string) => shared.log.info(line, { bot });
  const restarter =
    command === undefined || dryRun
      ? undefined
      : createRestarter({
          command,
          memory: shared.journal.group(bot),
          outputFile: `${options.file}.restart-output`,
          killAfterMs: policy.killAfterMs,
          now: shared.clock.now,
          forward: (text) => shared.onOutput(text, bot),
          log,
        });

  /** To start another one beside it would be two, unless the command is known to end it. */
  const yieldTo = (pid: number | undefined) => {
    if (options.commandEndsBot !== true)
      throw new CannotEndError(
        `process ${pid} is another user's and cannot be ended: run the monitor as that user, or set restartEndsBot (--restart-ends-bot) if the restart command ends it`,
      );
    log(`${bot} is another user's process ${pid}: the restart command has to end it`);
  };

  const start = async (last: LastProcess | undefined, known: KnownProcess | null) => {
    if (dryRun) return log('Dry run: the restart command would have been run');
    try {
      if (last !== undefined && (await endBot(last, known, policy.killAfterMs)) === 'forbidden')
        yieldTo(last.pid);
      await restarter?.restart();
    } catch (error) {
      if (!(error instanceof CannotEndError)) throw error;
      log(`${bot} was not restarted: ${error.message}`);
      restarter?.refuse(error.message);
    }
  };

  const endCommand = async (afterMs: number) => {
    log(
      `The restart command ran longer than ${afterMs / 1000} s and no beat of a new start came: it is ended`,
    );
    await restarter?.end().catch((error) => log(`The restart command: ${error.message}`));
  };

  const notify = (told: Notification) => shared.notifier.notify(told);
  const lastWords = (told: Notification) => shared.journal.tell(told, shared.clock.wall(), notify);

  return {
    commit: (commit) => {
      if (!dryRun) return shared.journal.commit({ ...commit, notify });
      for (const told of commit.notifications) log(`Dry run: would have told: ${describe(told)}`);
      if (commit.order !== undefined) shared.journal.finish(commit.order, commit.at);
    },
    carryOut: async (action, last, known) => {
      if (action.kind === 'restart') await start(last, known);
      else if (action.kind === 'end-command') await endCommand(action.afterMs);
      else if (action.kind === 'last-resort' && dryRun)
        log('Dry run: the --on-exhausted command would have been run');
      else if (action.kind === 'last-resort')
        runLastResort(lastResort ?? '', log, (outcome) =>
          lastWords({ kind: 'last-resort', bot, ...outcome }),
        );
    },
    start,
    command: (search) => restarter?.facts(search) ?? null,
    passOutput: () => restarter?.passOutput(),
    end: async () => restarter?.end(),
    close: () => restarter?.close(),
  };
};
