import { readFileSync } from 'node:fs';
import {
  createCleaner,
  errorMessage,
  explainSystemError,
  guardOutput,
  isSystemError,
  type Output,
  oneLine,
} from '@sentinel/heartbeat-core';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type Drill, drillKinds, drillLimits } from './drills/command.ts';
import { drillDuplicate } from './drills/duplicate.ts';
import { orderDrill } from './drills/order.ts';
import { drillsAllowed, type Env, readEnv, SettingsError } from './env.ts';
import { exitCodes } from './exit-codes.ts';
import { unlockLogin } from './login/sign-in.ts';
import { main } from './main.ts';
import { openMemory } from './store/memory.ts';
import { memoryIn } from './store/move-data.ts';
import { problemOfFolders } from './store/own-data.ts';

export { guardOutput };

type CliDeps = {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
  readonly output: Output;
  /** How this program was started, to start it a second time. */
  readonly self: readonly [string, ...string[]];
};

const upTo = (max: number) => (text: string) => {
  const value = Number(text);
  if (value > 0 && value <= max) return value;
  throw new InvalidArgumentError(`Expected a number above 0 and up to ${max}, got ${text}`);
};
const countUpTo = (max: number) => (text: string) => {
  if (Number.isInteger(Number(text))) return upTo(max)(text);
  throw new InvalidArgumentError(`Expected a whole number, got ${text}`);
};
const codes = `Exit codes:
  ${exitCodes.ok}  planned stop, or a command that was carried out
  ${exitCodes.failure}  the bot could not start or continue, or no bot took the drill
  ${exitCodes.usage}  settings or command line cannot be used
  ${exitCodes.alreadyRunning}  another instance runs: this one has done nothing`;
/** What was typed is said again: it must not steer the terminal. */
const clean = createCleaner();
const version = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
const takenWithinMs = 15_000;

type DrillFlags = { readonly seconds: number; readonly times: number };

/** Before anything is written: root would write where somebody else may lay links. */
const refused = (env: Env, { complain }: CliDeps): boolean => {
  const problem = problemOfFolders(env.HEARTBEAT_STATUS_FILE, env);
  if (problem !== null) complain(problem);
  return problem !== null;
};

const drill = async (env: Env, kind: (typeof drillKinds)[number], flags: DrillFlags, deps: CliDeps) => {
  if (refused(env, deps)) return exitCodes.usage;
  if (kind === 'duplicate') {
    const { self, say } = deps;
    if (!drillsAllowed(env)) {
      deps.complain('Drills are off (SENTINEL_DRILLS): nothing was started');
      return exitCodes.failure;
    }
    const command = [...self, 'run', '--only-lock'] as const;
    await drillDuplicate({ command, statusFile: env.HEARTBEAT_STATUS_FILE, seconds: flags.seconds, say });
    return exitCodes.ok;
  }
  const order: Drill = { kind, ...flags, at: Date.now() };
  if (await orderDrill({ folder: env.data, drill: order, withinMs: takenWithinMs })) {
    deps.say(`The bot has taken the drill ${kind}.`);
    return exitCodes.ok;
  }
  deps.complain('No bot took the drill: does one run on this status file, with drills on (SENTINEL_DRILLS)?');
  return exitCodes.failure;
};

const unlock = (env: Env, deps: CliDeps) => {
  if (refused(env, deps)) return exitCodes.usage;
  const memory = openMemory(memoryIn(env.logs, env.data));
  unlockLogin(memory);
  memory.close();
  deps.say('The bot may sign in again.');
  return exitCodes.ok;
};

const programOf = (deps: CliDeps, done: (code: number) => void) => {
  const program = new Command('sentinel-bot')
    .description('The trading sentinel: signs in, trades, and beats at every step.')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText(
      'after',
      '\nExamples:\n  sentinel-bot                    trade on paper until Ctrl-C\n  sentinel-bot drill hang         let the running bot hang, to see the alarm\n  sentinel-bot drill --help       every kind of drill',
    )
    .addHelpText('after', `\nSettings come from the environment and .env: docs/integration.md\n\n${codes}`)
    .exitOverride()
    .configureOutput({
      writeOut: deps.say,
      writeErr: deps.complain,
      outputError: (text, write) => {
        const line = oneLine(clean(text));
        write(`${line}${line.endsWith('.') ? '' : '.'} See sentinel-bot --help.`);
      },
    });
  program
    .command('run', { isDefault: true })
    .description('run until SIGTERM or Ctrl+C')
    .addOption(new Option('--only-lock', 'end with exit code 1 where the work would begin').hideHelp())
    .action(async ({ onlyLock }) => done(await main(readEnv(), deps.complain, onlyLock === true)));
  program
    .command('drill')
    .description('let the running demo fail, to see monitor, Slack and dashboard respond')
    .addArgument(new Argument('<kind>').choices(drillKinds))
    .option('--seconds <n>', 'how long error-loop, slow and duplicate last', upTo(drillLimits.seconds), 30)
    .option('--times <n>', 'how many sign-ins login-fails refuses', countUpTo(drillLimits.times), 2)
    .action(async (kind, flags) => done(await drill(readEnv(), kind, flags, deps)));
  program
    .command('unlock')
    .description('let the bot sign in again after it has asked for a person')
    .action(() => done(unlock(readEnv(), deps)));
  program
    .command('broker-site')
    .description('serve the practice broker by itself')
    .option('--port <n>', 'port on 127.0.0.1', countUpTo(65_535), 7070)
    .action(async ({ port }) => {
      const { serveSite } = await import('./site/serve.ts');
      await serveSite(readEnv(), port, deps.say);
      done(exitCodes.ok);
    });
  return program;
};

/** Runs one command line (without program and script). The exit code. */
export const runCli = async (argv: readonly string[], deps: CliDeps): Promise<number> => {
  let code: number = exitCodes.ok;
  const printed = () => deps.output.codeOf(code, exitCodes.failure);
  const program = programOf(deps, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return program.args[0] === 'run' || program.args.length === 0 ? code : await printed();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? await printed() : exitCodes.usage;
    deps.complain(isSystemError(error) ? explainSystemError(error) : errorMessage(error));
    return error instanceof SettingsError ? exitCodes.usage : exitCodes.failure;
  }
};
