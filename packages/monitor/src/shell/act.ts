import type { Notification } from '@sentinel/notify';
import type { Action } from '../core/actions.ts';
import { namesOf } from '../custody/explain-custody.ts';
import type { Target } from '../custody/process.ts';
import { type ActorOf, environmentOf, openCustodian, type Surroundings } from './actor.ts';
import type { BotOptions } from './options.ts';
import type { Restarter } from './ports/restart-command.ts';
import type { Shared } from './shared.ts';

const restarterOf = (
  options: BotOptions,
  shared: Shared,
  { mayWrite, onExit }: Surroundings,
  log: (line: string) => void,
): Restarter | undefined => {
  const { name: bot, command, file, restart: policy } = options;
  if (command === undefined) return undefined;
  return shared.commands.restarter({
    command,
    env: environmentOf(options, shared, command),
    memory: shared.journal.group(bot),
    outputFile: mayWrite ? `${file}.restart-output` : null,
    killAfterMs: policy.killAfterMs,
    now: shared.clock.now,
    clean: shared.clean,
    forward: (text) => shared.onOutput(text, bot),
    log,
    onExit,
  });
};

/** Acts in earnest. */
export const realActor: ActorOf = (options, shared, surroundings) => {
  const { name: bot, lastResort = '', restart: policy } = options;
  const { journal, clock, commands } = shared;
  const log = (line: string) => shared.log.info(line, { bot });
  const restarter = restarterOf(options, shared, surroundings, log);
  const { custodian, close } = openCustodian(options, shared, () => restarter?.group() ?? 'none');
  const notify = (told: Notification) => shared.notifier.notify(told);

  const end = (targets: readonly Target[], signal: 'SIGTERM' | 'SIGKILL') => {
    log(`${signal} is sent to ${namesOf(targets)}: ${bot} before the restart`);
    custodian.signal(targets, signal);
  };
  const endCommand = (signal: 'SIGTERM' | 'SIGKILL', afterMs: number) => {
    if (signal === 'SIGTERM')
      log(
        `The restart command has run for ${Math.round(afterMs / 1000)} s, and no beat of a new start came: it is ended`,
      );
    restarter?.signal(signal);
  };
  const runLast = () =>
    commands.lastResort(
      lastResort,
      environmentOf(options, shared, lastResort),
      log,
      (outcome) => journal.tell({ kind: 'last-resort', bot, ...outcome }, clock.wall(), notify),
      { clean: shared.clean },
    );
  const carryOut = (action: Action) => {
    switch (action.kind) {
      case 'restart':
        return restarter?.restart();
      case 'end':
        return end(action.targets, action.signal);
      case 'end-command':
        return endCommand(action.signal, action.afterMs);
      case 'last-resort':
        return runLast();
      // It was written with the step.
      case 'notify':
        return;
    }
  };

  return {
    custodian,
    kept: (left) => left,
    canNote: () => journal.canNote(bot),
    commit: (commit) => journal.commit({ ...commit, notify }),
    supervised: (supervision) => journal.supervised(bot, supervision),
    tell: notify,
    carryOut,
    resultOf: (_command, result) => result,
    command: (search) => restarter?.facts(search) ?? null,
    passOutput: () => restarter?.passOutput(),
    end: async () => {
      const outside = custodian.startedOutside();
      await restarter?.end();
      const { markOf } = shared.processes;
      await Promise.all(
        outside.map(({ pid, mark }) =>
          commands.endProcess(pid, () => markOf(pid) === mark, policy.killAfterMs),
        ),
      );
    },
    close: () => {
      restarter?.close();
      close();
    },
  };
};
