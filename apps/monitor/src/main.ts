import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  createCleaner,
  explainSystemError,
  guardOutput,
  isSystemError,
  type Output,
  oneLine,
} from '@sentinel/heartbeat-core';
import {
  type Config,
  check,
  giveCommand,
  history,
  type Outcome,
  replayFile,
  setJournalAside,
  status,
  toBotOptions,
  wrap,
} from '@sentinel/monitor';
import { askedBots } from './asked-bots.ts';
import { channelSecrets } from './channel-names.ts';
import { completionOf } from './completion.ts';
import { configOf } from './config-of.ts';
import { type Env, readEnv } from './env.ts';
import { parseFlags, type Request } from './flags.ts';
import { knownBots, listOf } from './list.ts';
import { showLog } from './show-log.ts';

/** Shows an outcome, clean. In JSON each text by itself: what is struck out of the whole could break its form. */
const printer =
  ({ secrets }: Env) =>
  (json: boolean | undefined, outcome: Outcome): number => {
    const clean = createCleaner(secrets);
    const cleanText = (_: string, value: unknown) => (typeof value === 'string' ? clean(value) : value);
    const asJson = json === true && outcome.json !== undefined;
    console.log(asJson ? JSON.stringify(outcome.json, cleanText) : clean(outcome.line));
    return outcome.code;
  };

const orderAll = async (request: Request & { task: 'order' }, config: Config, database: string) => {
  const { kind, args } = request;
  const names = config.bots.map(({ name }) => name);
  if (kind === 'restart' && names.length > 1)
    return { code: 64, line: `restart: say which bot, with --bot: ${names.join(', ')}` };
  const aside = request.setAside === true ? await setJournalAside(database) : null;
  if (aside !== null && !aside.isNew) return aside;
  const by = userName();
  const given = await Promise.all(
    names.map((name) => giveCommand(database, name, { kind, args, by }, request.waitMs)),
  );
  const lines = given.flatMap(({ line }, index) =>
    names.length === 1 ? [line] : line.split('\n').map((each) => `${names[index]}: ${each}`),
  );
  const all = aside === null ? lines : [aside.line, ...lines];
  return { code: Math.max(...given.map(({ code }) => code)), line: all.join('\n') };
};

/** Who gives an order: in a container the user may have no name. */
const userName = (): string => {
  try {
    return userInfo().username;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR')) throw error;
    return String(process.getuid?.() ?? 'unknown');
  }
};

const wrapProgram = (request: Request & { task: 'wrap' }, { bots }: Config, env: Env): Promise<number> => {
  const clean = createCleaner(env.secrets);
  return wrap({
    file: bots[0]?.file ?? env.file,
    command: request.command,
    name: request.name ?? request.given.name,
    quietForMs: request.quietForMinutes === undefined ? null : request.quietForMinutes * 60_000,
    environment: env.started,
    clean,
    warn: (line) => console.error(`sentinel-monitor: ${oneLine(clean(line))}`),
  });
};

const run = async (request: Request, started: Env): Promise<number> => {
  const { given } = request;
  // A monitor that watches has a log for them.
  const watches = request.task === 'watch' && given.check !== true;
  if (!watches) for (const line of started.warnings) console.error(`warning: ${line}`);
  const read = () => configOf(given, started);
  const outcome = await read();
  if (outcome.kind === 'wrong') {
    const clean = createCleaner(started.secrets);
    for (const line of outcome.lines) console.error(`error: ${oneLine(clean(line))}`);
    return 64;
  }
  const { config } = outcome;
  const env = {
    ...started,
    secrets: [...started.secrets, ...channelSecrets(started, config.channels ?? [])],
  };
  const print = printer(env);
  if (request.task === 'wrap') return wrapProgram(request, config, env);
  const configured = config.bots.map((settings) => ({
    ...toBotOptions(settings),
    maxAgeGiven: settings.maxAge !== undefined,
  }));
  const database = resolve(env.database);
  if (request.task === 'logs')
    return print(
      given.json,
      showLog(join(dirname(database), 'heartbeat_monitor.log'), request.lines, given.name),
    );
  if (request.task === 'list') {
    const isOne = given.name !== undefined || given.file !== undefined || given.config !== undefined;
    const all = isOne ? configured : knownBots(configured, database);
    return print(given.json, listOf(await status(all, database)));
  }
  const asksOnly = request.task === 'status' || request.task === 'history' || given.check === true;
  const asked = asksOnly ? askedBots(request, env, database, configured) : configured;
  if ('code' in asked) return print(given.json, asked);
  const bots = asked;
  if (request.task === 'status')
    return print(given.json, await status(bots, database, { ownMaxAge: given.maxAge !== undefined }));
  if (request.task === 'history')
    return print(
      given.json,
      history(
        database,
        bots.map(({ name }) => name),
        request.limit,
      ),
    );
  const [bot] = bots;
  if (request.task === 'replay' && bot !== undefined)
    return print(given.json, replayFile(resolve(request.file), bot.name, bot));
  if (request.task === 'order') return print(false, await orderAll(request, config, database));
  if (given.check === true)
    return print(given.json, await check(bots, database, { verbose: given.verbose === true }));
  const { watch } = await import('./watch.ts');
  return watch(config, { ...env, database }, given.config === undefined ? undefined : read);
};

export { guardOutput };

/** A look that nobody can read has found nothing: 3 is 'unknown'. */
const codeOfLook = 3;

const looks = ({ task, given }: Request): boolean => task === 'status' || given.check === true;

const wordsOf = (error: unknown): string =>
  isSystemError(error) ? explainSystemError(error) : String(error instanceof Error ? error.message : error);

/** Runs the command line; resolves with the exit code. */
export const main = async (argv: readonly string[], output: Output): Promise<number> => {
  const request = parseFlags(argv);
  if ('exitCode' in request) return output.codeOf(request.exitCode);
  if (request.task === 'completion') {
    process.stdout.write(completionOf(request.shell));
    return output.codeOf(0);
  }
  let clean = createCleaner();
  try {
    const env = readEnv();
    clean = createCleaner(env.secrets);
    const code = await run(request, env);
    if (looks(request)) return await output.codeOf(code, codeOfLook);
    return request.task === 'watch' ? code : await output.codeOf(code);
  } catch (error) {
    console.error(`sentinel-monitor: ${oneLine(clean(wordsOf(error)))}`);
    return 1;
  }
};
