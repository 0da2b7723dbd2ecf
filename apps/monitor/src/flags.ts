import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { createCleaner, durationWords, oneLine, parseDuration } from '@sentinel/heartbeat-core';
import {
  type BotSettings,
  type Config,
  expectationOf,
  fitsNumber,
  type SettingKind,
} from '@sentinel/monitor';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type Shell, shells } from './completion.ts';
import { commandExamples, commandTable, defaultOf, type Flag, flagTable, flagValue } from './flag-table.ts';
import { examples } from './help.ts';

/** The flags that were given, and no others. */
export type Given = Partial<Omit<BotSettings, 'marketHours'>> &
  Partial<Pick<Config, 'interval' | 'notify' | 'pingUrl' | 'publicUrl' | 'allClear' | 'selfTest'>> & {
    /** A file that holds them. */
    readonly marketHours?: string;
    readonly check?: boolean;
    readonly verbose?: boolean;
    readonly json?: boolean;
    readonly config?: string;
  };

/** What the command line asks for. */
export type Request = { readonly given: Given } & (
  | { readonly task: 'watch' | 'list' }
  | {
      readonly task: 'status';
      /** The other hosts too. */
      readonly peers: boolean;
    }
  | { readonly task: 'logs'; readonly lines: number }
  | { readonly task: 'history'; readonly limit: number }
  | { readonly task: 'replay'; readonly file: string }
  | { readonly task: 'completion'; readonly shell: Shell }
  | { readonly task: 'fleet'; readonly words: readonly string[]; readonly observer?: string }
  | {
      readonly task: 'wrap';
      readonly command: readonly string[];
      readonly name?: string;
      readonly quietForMinutes?: number;
    }
  | {
      readonly task: 'order';
      readonly kind: string;
      readonly args: Readonly<Record<string, unknown>>;
      /** How long a monitor may take to take the order, in ms. */
      readonly waitMs?: number;
      /** A journal that cannot be used is moved away first. */
      readonly setAside?: boolean;
    }
);

const parserOf = (kind: SettingKind) => (text: string) => {
  const value = flagValue(kind, text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError(`Expected ${kind === 'market' ? 'a path' : expectationOf(kind)}.`);
};

const optionOf = ({ flag, setting }: Flag): Option => {
  const { short, value, kind, group, meaning } = setting;
  const otherwise = defaultOf(setting);
  const form = `${short === undefined ? '' : `-${short}, `}${flag}${value === undefined ? '' : ` <${value}>`}`;
  const option = new Option(form, otherwise === '' ? meaning : `${meaning} (${otherwise})`);
  if (value !== undefined) option.argParser(parserOf(kind));
  return option.helpGroup(`${group}:`);
};

const duration = (text: string): number => {
  const minutes = parseDuration(text, 'minutes');
  if (minutes !== null) return minutes;
  throw new InvalidArgumentError(`Expected ${durationWords('minutes')}.`);
};

const count = (text: string): number => {
  if (fitsNumber('count', Number(text))) return Number(text);
  throw new InvalidArgumentError(`Expected ${expectationOf('count')}.`);
};

const seconds = (text: string): number => {
  const value = parseDuration(text, 'seconds');
  if (value !== null) return value;
  throw new InvalidArgumentError(`Expected ${durationWords('seconds')}.`);
};

type Waits = { readonly wait?: number };
const waiting = (wait: number | undefined) => (wait === undefined ? {} : { waitMs: wait * 1000 });

type Ask = (
  request: Request extends infer One ? (One extends Request ? Omit<One, 'given'> : never) : never,
) => void;

const withTasks = (program: Command, ask: Ask) => {
  const command = (name: keyof typeof commandTable, argument?: Argument) => {
    const { usage, meaning } = commandTable[name];
    const made = program.command(argument === undefined ? usage : name);
    if (argument !== undefined) made.addArgument(argument);
    return made
      .description(meaning)
      .helpGroup('Commands:')
      .allowExcessArguments(false)
      .addHelpText('after', `\nExamples:\n${commandExamples[name].map((line) => `  ${line}`).join('\n')}`);
  };
  program.allowExcessArguments().action(() => {
    const [unknown] = program.args;
    if (unknown === undefined) ask({ task: 'watch' });
    else
      program.error(
        `error: unknown command '${unknown}', known are ${Object.keys(commandTable).join(', ')}.`,
      );
  });
  command('status')
    .option('--peers', 'the other hosts too, as the monitor here sees them')
    .action(({ peers = false }: { peers?: boolean }) => ask({ task: 'status', peers }));
  command('list').action(() => ask({ task: 'list' }));
  command('logs')
    .option('--lines <count>', 'how many (20)', count, 20)
    .action(({ lines }: { lines: number }) => ask({ task: 'logs', lines }));
  command('history')
    .option('--limit <count>', 'how many (20)', count, 20)
    .action(({ limit }: { limit: number }) => ask({ task: 'history', limit }));
  command('replay').action((file: string) => ask({ task: 'replay', file }));
  command('completion', new Argument('<shell>').choices(shells)).action((shell: Shell) =>
    ask({ task: 'completion', shell }),
  );
  command('fleet', new Argument('[words...]', 'demo, key FILE, status, silence HOST DURATION, forget HOST'))
    .option('--observer <name>', 'its name among the observers (the host name)')
    .action((words: string[], { observer }: { observer?: string }) =>
      ask({ task: 'fleet', words, ...(observer === undefined ? {} : { observer }) }),
    );
  command('wrap')
    .option('--name <text>', 'what the status calls it (the name of the program)')
    .option('--quiet-for <duration>', 'without output for so long it counts as hung (never)', duration)
    .action((words: string[], { name, quietFor }: { name?: string; quietFor?: number }) =>
      ask({
        task: 'wrap',
        command: words,
        ...(name === undefined ? {} : { name }),
        ...(quietFor === undefined ? {} : { quietForMinutes: quietFor }),
      }),
    );
  const order = (name: Parameters<typeof command>[0]) =>
    command(name).option('--wait <duration>', 'how long to wait for the monitor (8s)', seconds);
  // A handler of its own: the usage alone does not say how the argument is to be read.
  const pause = order('pause');
  pause.registeredArguments[0]?.argParser(duration);
  pause
    .option('--reason <text>', 'why, for those who read of it')
    .action((minutes: number, { reason = '', wait }: Waits & { reason?: string }) =>
      ask({ task: 'order', kind: 'pause', args: { minutes, reason }, ...waiting(wait) }),
    );
  order('halt')
    .option('--reason <text>', 'why, for those who read of it')
    .option('--for <duration>', 'for how long (until unhalt)', duration)
    .action(({ reason = '', for: minutes, wait }: Waits & { reason?: string; for?: number }) =>
      ask({
        task: 'order',
        kind: 'halt',
        args: { reason, ...(minutes === undefined ? {} : { minutes }) },
        ...waiting(wait),
      }),
    );
  order('ack')
    .option('--note <text>', 'a note, for those who read of it')
    .option('--expires <duration>', 'for how long (until the incident ends)', duration)
    .action(({ note = '', expires: minutes, wait }: Waits & { note?: string; expires?: number }) =>
      ask({
        task: 'order',
        kind: 'ack',
        args: { note, ...(minutes === undefined ? {} : { minutes }) },
        ...waiting(wait),
      }),
    );
  const snooze = order('snooze');
  snooze.registeredArguments[0]?.argParser(duration);
  snooze
    .option('--note <text>', 'a note, for those who read of it')
    .action((minutes: number, { note = '', wait }: Waits & { note?: string }) =>
      ask({ task: 'order', kind: 'snooze', args: { minutes, note }, ...waiting(wait) }),
    );
  order('reset')
    .option('--set-aside', 'move away a journal that cannot be used, so that a new one is started')
    .action(({ setAside = false, wait }: Waits & { setAside?: boolean }) =>
      ask({ task: 'order', kind: 'reset', args: {}, setAside, ...waiting(wait) }),
    );
  order('test-alert')
    .option('--channel <name>', 'only through this channel')
    .action(({ channel, wait }: Waits & { channel?: string }) =>
      ask({
        task: 'order',
        kind: 'test-alert',
        args: channel === undefined ? {} : { channel },
        ...waiting(wait),
      }),
    );
  for (const kind of ['resume', 'unhalt', 'restart'] as const)
    order(kind).action(({ wait }: Waits) => ask({ task: 'order', kind, args: {}, ...waiting(wait) }));
};

const givenOf = (command: Command): Given =>
  Object.fromEntries(
    flagTable.flatMap(({ key, flag }) => {
      const name = key === 'notify' ? key : new Option(flag).attributeName();
      return command.getOptionValueSource(name) === 'cli' ? [[key, command.getOptionValue(name)]] : [];
    }),
  );

/** What was typed is said again: it must not steer the terminal. */
const clean = createCleaner();

export const version = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;

/** Reads the command line; a usage error, --help or --version gives the exit code instead. */
export const parseFlags = (argv: readonly string[]): Request | { readonly exitCode: number } => {
  let request: Request | undefined;
  const program = new Command('sentinel-monitor')
    .description('Watches the heartbeats of trading bots, tells Slack, and restarts the bots.')
    .usage('[options] [command]')
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        const line = oneLine(clean(text));
        write(`${line}${/[.?!]\)?$/.test(line) ? '' : '.'} See sentinel-monitor --help.\n`);
      },
    })
    .configureHelp({ styleTitle: (text) => styleText('bold', text, { validateStream: false }) })
    .addHelpOption(new Option('-h, --help', 'show this help').helpGroup('One look, and output:'))
    .helpCommand(false)
    // Shown where --help is, with the group that every option has.
    .version(version(), '-V, --version', 'show the version');
  program.options.find(({ long }) => long === '--version')?.helpGroup('One look, and output:');
  for (const flag of flagTable) program.addOption(optionOf(flag));
  withTasks(program, (asked) => {
    request = { ...asked, given: givenOf(program) };
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : 64 };
  }
  return request ?? { exitCode: 64 };
};
