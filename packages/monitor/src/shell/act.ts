import type { Notification } from '@sentinel/notify';
import type { Action } from '../core/actions.ts';
import { printedBy } from '../core/last-lines.ts';
import { namesOf } from '../custody/explain-custody.ts';
import type { KnownProcess } from '../custody/process.ts';
import { type ActorOf, environmentOf, openCustodian, type Surroundings } from './actor.ts';
import type { Custodian } from './custodian/custodian.ts';
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

/** Does one action. What people are told was written with the step. */
const doerOf = (
  options: BotOptions,
  shared: Shared,
  restarter: Restarter | undefined,
  custodian: Pick<Custodian, 'signal'>,
): ((action: Action) => void) => {
  const { name: bot, lastResort = '' } = options;
  const { journal, clock, commands, notifier, clean } = shared;
  const log = (line: string) => shared.log.info(line, { bot });
  const notify = (told: Notification) => notifier.notify(told);

  const end = (action: Action & { kind: 'end' }) => {
    log(`${action.signal} is sent to ${namesOf(action.targets)}: the processes of ${bot}`);
    custodian.signal(action.targets, action.signal);
  };
  const endCommand = (action: Action & { kind: 'end-command' }) => {
    const seconds = Math.round(action.afterMs / 1000);
    if (action.signal === 'SIGTERM')
      log(`The restart command has run for ${seconds} s, and no beat of a new start came: it is ended`);
    restarter?.signal(action.signal);
  };
  const runLast = () =>
    commands.lastResort(
      lastResort,
      environmentOf(options, shared, lastResort),
      log,
      (outcome) => journal.tell({ kind: 'last-resort', bot, ...outcome }, clock.wall(), notify),
      { clean },
    );
  return (action) => {
    if (action.kind === 'restart') restarter?.restart();
    else if (action.kind === 'end') end(action);
    else if (action.kind === 'end-command') endCommand(action);
    else if (action.kind === 'last-resort') runLast();
  };
};

/** Its log, where one is named; else what the restart command prints that is the bot, or has started it. */
const linesOf = (
  { botLog }: BotOptions,
  { files, clean }: Shared,
  restarter: Restarter | undefined,
  beatAt: number | null,
): string =>
  botLog === undefined ? printedBy(restarter?.facts(true) ?? null, beatAt) : files.lastLines(botLog, clean);

/** Acts in earnest. */
export const realActor: ActorOf = (options, shared, surroundings) => {
  const { name: bot, restart: policy } = options;
  const { journal, notifier, processes, commands } = shared;
  const log = (line: string) => shared.log.info(line, { bot });
  const restarter = restarterOf(options, shared, surroundings, log);
  const { custodian, close } = openCustodian(options, shared, () => restarter?.group() ?? 'none');
  const notify = (told: Notification) => notifier.notify(told);
  return {
    custodian,
    kept: (left) => left,
    canNote: () => journal.canNote(bot),
    commit: (commit) => journal.commit({ ...commit, notify }),
    supervised: (supervision) => journal.supervised(bot, supervision),
    notify,
    carryOut: doerOf(options, shared, restarter, custodian),
    refuse: (why, actions) => {
      log(`Nothing was ended or started: ${why}`);
      if (actions.some(({ kind }) => kind === 'restart')) restarter?.refuse(why);
    },
    resultOf: (_command, result) => result,
    command: (search) => restarter?.facts(search) ?? null,
    passOutput: () => restarter?.passOutput(),
    lastLines: (beatAt) => linesOf(options, shared, restarter, beatAt),
    end: async () => {
      const outside = custodian.startedOutside();
      await restarter?.end();
      const isGone = ({ pid, mark }: KnownProcess) => processes.markOf(pid) !== mark;
      await Promise.all(
        outside.map((each) => commands.endProcess(each.pid, () => !isGone(each), policy.killAfterMs)),
      );
    },
    close: () => {
      restarter?.close();
      close();
    },
  };
};
