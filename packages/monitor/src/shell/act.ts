import { describe, type Notification } from '@sentinel/notify';
import type { Action } from '../core/actions.ts';
import { childEnvironment } from '../core/child-environment.ts';
import type { CommandFacts } from '../core/observation.ts';
import { namesOf } from '../custody/explain-custody.ts';
import type { Target } from '../custody/process.ts';
import { type Custodian, createCustodian } from './custodian.ts';
import { endProcess } from './end-process.ts';
import type { Commit } from './journal/steps.ts';
import { runLastResort } from './last-resort.ts';
import type { BotOptions } from './options.ts';
import { createRestarter } from './restart-command.ts';
import type { Shared } from './shared.ts';

/** Does what was decided for one bot; in a dry run it says what it would have done. */
export type Actor = {
  /** Writes a step down, with all that it tells, before anything of it is done. */
  readonly commit: (commit: Omit<Commit, 'notify'>) => Promise<void>;
  readonly carryOut: (action: Action) => void;
  readonly custodian: Custodian;
  readonly command: (search: boolean) => CommandFacts | null;
  readonly passOutput: () => void;
  /** Ends what the restart command started. */
  readonly end: () => Promise<void>;
  readonly close: () => void;
};

/**
 * @param mayWrite files may be made beside the status file.
 * @param onExit is called when the restart command has ended: the bot may have ended with it.
 */
export const actor = (options: BotOptions, shared: Shared, onExit: () => void, mayWrite: boolean): Actor => {
  const { name: bot, command, lastResort, restart: policy, dryRun = false } = options;
  const log = (line: string) => shared.log.info(line, { bot });
  const environmentOf = (given: string) =>
    shared.environment && childEnvironment(given, shared.environment, options.passEnv ?? '');
  const restarter =
    command === undefined || dryRun
      ? undefined
      : createRestarter({
          command,
          env: environmentOf(command),
          memory: shared.journal.group(bot),
          outputFile: mayWrite ? `${options.file}.restart-output` : null,
          killAfterMs: policy.killAfterMs,
          now: shared.clock.now,
          clean: shared.clean,
          forward: (text) => shared.onOutput(text, bot),
          log,
          onExit,
        });
  const custodian = createCustodian({
    file: options.file,
    command,
    commandEndsBot: options.commandEndsBot === true,
    botProcess: options.botProcess,
    path: command === undefined ? undefined : environmentOf(command)?.PATH,
    supervise: options.supervise === true,
    graceMs: policy.graceMs,
    processes: shared.processes,
    memory: shared.journal.lastProcess(bot),
    group: () => restarter?.group() ?? 'none',
    others: () => [...shared.claims].flatMap(([name, claim]) => (name === bot ? [] : [claim])),
    wall: shared.clock.wall,
    isSuccessor: true,
  });
  shared.claims.set(bot, custodian.claim);

  const start = () => {
    if (dryRun) return log('Dry run: the restart command would have been run');
    restarter?.restart();
  };

  const end = (targets: readonly Target[], signal: 'SIGTERM' | 'SIGKILL') => {
    const names = namesOf(targets);
    if (dryRun) return log(`Dry run: ${names} would have been ended`);
    log(`${signal} is sent to ${names}: ${bot} before the restart`);
    custodian.signal(targets, signal);
  };

  const endCommand = (signal: 'SIGTERM' | 'SIGKILL', afterMs: number) => {
    if (signal === 'SIGTERM')
      log(
        `The restart command has run for ${Math.round(afterMs / 1000)} s, and no beat of a new start came: it is ended`,
      );
    restarter?.signal(signal);
  };

  const notify = (told: Notification) => shared.notifier.notify(told);
  const lastWords = (told: Notification) => shared.journal.tell(told, shared.clock.wall(), notify);

  return {
    commit: async (commit) => {
      if (!dryRun) return shared.journal.commit({ ...commit, notify });
      for (const told of commit.notifications) log(`Dry run: would have told: ${describe(told)}`);
      if (commit.order !== undefined) shared.journal.finish(commit.order, commit.at);
    },
    carryOut: (action) => {
      if (action.kind === 'restart') start();
      else if (action.kind === 'end') end(action.targets, action.signal);
      else if (action.kind === 'end-command') endCommand(action.signal, action.afterMs);
      else if (action.kind === 'last-resort' && dryRun)
        log('Dry run: the --on-exhausted command would have been run');
      else if (action.kind === 'last-resort')
        runLastResort(
          lastResort ?? '',
          environmentOf(lastResort ?? ''),
          log,
          (outcome) => lastWords({ kind: 'last-resort', bot, ...outcome }),
          { clean: shared.clean },
        );
    },
    custodian,
    command: (search) => restarter?.facts(search) ?? null,
    passOutput: () => restarter?.passOutput(),
    end: async () => {
      const outside = custodian.startedOutside();
      await restarter?.end();
      const { markOf } = shared.processes;
      await Promise.all(
        outside.map(({ pid, mark }) => endProcess(pid, () => markOf(pid) === mark, policy.killAfterMs)),
      );
    },
    close: () => {
      restarter?.close();
      if (shared.claims.get(bot) === custodian.claim) shared.claims.delete(bot);
    },
  };
};
