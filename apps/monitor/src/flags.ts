import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { createCleaner, oneLine } from '@sentinel/heartbeat-core';
import { expectationOf, type SettingKind } from '@sentinel/monitor';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { withCommands } from './commands.ts';
import { defaultOf, type Flag, flagTable, flagValue } from './flag-table.ts';
import { examples } from './help.ts';
import { programName } from './program-name.ts';
import type { Given, Request } from './request.ts';

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
        write(`${line}${/[.?!]\)?$/.test(line) ? '' : '.'} See ${programName()} --help.\n`);
      },
    })
    .configureHelp({ styleTitle: (text) => styleText('bold', text, { validateStream: false }) })
    .addHelpOption(new Option('-h, --help', 'show this help').helpGroup('One look, and output:'))
    .helpCommand(false)
    // Shown where --help is, with the group that every option has.
    .version(version(), '-V, --version', 'show the version');
  program.options.find(({ long }) => long === '--version')?.helpGroup('One look, and output:');
  for (const flag of flagTable) program.addOption(optionOf(flag));
  withCommands(program, (asked) => {
    const named = 'bot' in asked && asked.bot !== undefined ? { name: asked.bot } : {};
    request = { ...asked, given: { ...givenOf(program), ...named } };
  });
  try {
    const [word, about] = argv;
    const asked = word !== 'help' ? argv : about === undefined ? ['--help'] : [about, '--help'];
    program.parse(asked, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : 64 };
  }
  return request ?? { exitCode: 64 };
};
