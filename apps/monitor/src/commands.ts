import { durationWords, parseDuration } from '@sentinel/heartbeat-core';
import { expectationOf, fitsNumber } from '@sentinel/monitor';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { commandExamples, commandTable, type Shell, shells } from './flag-table.ts';
import type { Ask } from './request.ts';

type Name = keyof typeof commandTable;

const durationIn = (unit: 'minutes' | 'seconds') => (text: string) => {
  const value = parseDuration(text, unit);
  if (value !== null) return value;
  throw new InvalidArgumentError(`Expected ${durationWords(unit)}.`);
};
const minutes = durationIn('minutes');

/** As the API takes it: what stands in a log must not be able to begin a line of its own. */
const line = (most: number) => (text: string) => {
  if (text.length <= most && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return text;
  throw new InvalidArgumentError(
    `Expected one line of ${most} characters at most, without control characters.`,
  );
};
const words = line(500);
const channelName = (text: string) => {
  if (text.trim() === '') throw new InvalidArgumentError('Expected the name of a channel.');
  return line(40)(text);
};

const count = (text: string): number => {
  if (fitsNumber('count', Number(text))) return Number(text);
  throw new InvalidArgumentError(`Expected ${expectationOf('count')}.`);
};

const commandOf = (program: Command, name: Name, argument?: Argument): Command => {
  const { usage, meaning } = commandTable[name];
  const made = program.command(argument === undefined ? usage : name);
  if (argument !== undefined) made.addArgument(argument);
  return made
    .description(meaning)
    .helpGroup('Commands:')
    .allowExcessArguments(false)
    .addHelpText('after', `\nExamples:\n${commandExamples[name].map((line) => `  ${line}`).join('\n')}`);
};

/** The commands that look, and those that run something of their own. */
const withTasks = (program: Command, ask: Ask): void => {
  const command = (name: Name, argument?: Argument) => commandOf(program, name, argument);
  command('status')
    .option('--peers', 'the other hosts too, as the monitor here sees them')
    .option('--plain', 'only the lines of a check, for Nagios')
    .action(({ peers = false, plain = false }: { peers?: boolean; plain?: boolean }) =>
      ask({ task: 'status', peers, plain }),
    );
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
  command(
    'fleet',
    new Argument('[words...]', 'demo, key FILE, status, silence HOST DURATION, forget HOST, ack INCIDENT'),
  )
    .option('--observer <name>', 'its name among the observers (the host name)')
    .action((words: string[], { observer }: { observer?: string }) =>
      ask({ task: 'fleet', words, observer }),
    );
  command('wrap')
    .option('--name <text>', 'what the status calls it (the name of the program)')
    .option('--quiet-for <duration>', 'without output for so long it counts as hung (never)', minutes)
    .action((words: string[], { name, quietFor }: { name?: string; quietFor?: number }) =>
      ask({ task: 'wrap', command: words, name, quietForMinutes: quietFor }),
    );
};

/** What is typed behind an order: one of them is its argument, the rest are flags. */
type Typed = Partial<
  Record<'minutes' | 'for' | 'expires' | 'wait', number> &
    Record<'reason' | 'note' | 'channel' | 'bot', string>
> & { readonly setAside?: boolean };

type Order = {
  /** What its argument is. Default: `minutes`. */
  readonly argument?: 'minutes' | 'bot' | 'note';
  readonly flags: readonly (readonly [
    flag: string,
    meaning: string,
    parse?: (text: string) => string | number,
  ])[];
  /** What the monitor gets. */
  readonly args: (typed: Typed) => Readonly<Record<string, unknown>>;
};

const reason = ['--reason <text>', 'why, for those who read of it', words] as const;
const note = ['--note <text>', 'a note, for those who read of it', words] as const;
const plain: Order = { flags: [], args: () => ({}) };

/** What a person may order of the monitor that runs. */
const orders = {
  pause: { flags: [reason], args: ({ minutes, reason = '' }) => ({ minutes, reason }) },
  halt: {
    flags: [reason, ['--for <duration>', 'for how long (until unhalt)', minutes]],
    args: ({ reason = '', for: minutes }) => ({ reason, minutes }),
  },
  ack: {
    flags: [note, ['--expires <duration>', 'for how long (until the incident ends)', minutes]],
    args: ({ note = '', expires }) => ({ note, minutes: expires }),
  },
  snooze: { flags: [note], args: ({ minutes, note = '' }) => ({ minutes, note }) },
  note: { argument: 'note', flags: [], args: ({ note = '' }) => ({ note }) },
  reset: {
    flags: [['--set-aside', 'move away a journal that cannot be used, so that a new one is started']],
    args: () => ({}),
  },
  'test-alert': {
    flags: [['--channel <name>', 'only through this channel', channelName]],
    args: ({ channel }) => ({ channel }),
  },
  resume: plain,
  unhalt: plain,
  restart: plain,
  stop: { argument: 'bot', flags: [reason], args: ({ reason = '' }) => ({ reason }) },
  start: { ...plain, argument: 'bot' },
} satisfies Partial<Record<Name, Order>>;

const withOrder = (
  program: Command,
  kind: keyof typeof orders,
  { argument = 'minutes', flags, args }: Order,
  ask: Ask,
): void => {
  const command = commandOf(program, kind);
  // A handler of its own: the usage alone does not say how the argument is to be read.
  const parsers = { minutes, note: words, bot: undefined };
  const parse = parsers[argument];
  if (parse !== undefined) command.registeredArguments[0]?.argParser<string | number>(parse);
  command.option('--wait <duration>', 'how long to wait for the monitor (8s)', durationIn('seconds'));
  for (const [flag, meaning, parse] of flags)
    if (parse === undefined) command.option(flag, meaning);
    else command.option(flag, meaning, parse);
  command.action(() => {
    const typed: Typed = { ...command.opts<Typed>(), [argument]: command.processedArgs[0] };
    const { bot, wait, setAside = false } = typed;
    const waitMs = wait === undefined ? undefined : wait * 1000;
    ask({ task: 'order', kind, bot, args: args(typed), waitMs, setAside });
  });
};

export const withCommands = (program: Command, ask: Ask): void => {
  program.allowExcessArguments().action(() => {
    const [unknown] = program.args;
    if (unknown === undefined) return ask({ task: 'watch' });
    const known = Object.keys(commandTable).join(', ');
    program.error(`error: unknown command '${unknown}', known are ${known}.`);
  });
  withTasks(program, ask);
  for (const kind of Object.keys(orders) as (keyof typeof orders)[])
    withOrder(program, kind, orders[kind], ask);
};

/** A flag of one command, as a shell completes it. */
export type CommandFlag = { readonly flag: string; readonly meaning: string; readonly value: boolean };

export const flagsOfCommands = (): Readonly<Record<string, readonly CommandFlag[]>> => {
  const program = new Command();
  withCommands(program, () => {});
  return Object.fromEntries(
    program.commands.map((command) => [
      command.name(),
      command.options.map(({ long, description, required }) => ({
        flag: long ?? '',
        meaning: description,
        value: required,
      })),
    ]),
  );
};
