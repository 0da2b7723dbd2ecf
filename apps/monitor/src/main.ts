import { resolve } from 'node:path';
import {
  createCleaner,
  errorMessage,
  explainSystemError,
  guardOutput,
  isSystemError,
  keepYoungGenerationSmall,
  type Output,
  oneLine,
} from '@sentinel/heartbeat-core';
import type { Outcome } from '@sentinel/monitor';
import { check } from '@sentinel/monitor/check';
import { askedBots, checkedBot } from './asked-bots.ts';
import { channelSecrets, peerSecrets } from './channel-names.ts';
import { checkFlags } from './check-flags.ts';
import { configOf } from './config-of.ts';
import { type Env, readEnv } from './env.ts';
import type { Request } from './request.ts';

// Docker runs `--check` every 30 s: what only other tasks need is loaded when one of them is asked for.

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

const run = async (request: Request, started: Env): Promise<number> => {
  const { given } = request;
  // A monitor that watches has a log for them.
  const watches = request.task === 'watch' && given.check !== true;
  if (!watches) for (const line of started.warnings) console.error(`warning: ${line}`);
  // Before the config is read: that of many bots is what takes most room at once.
  if (watches || request.task === 'fleet') keepYoungGenerationSmall();
  if (request.task === 'fleet') return (await import('./fleet.ts')).fleet(request, started);
  const read = () => configOf(given, started, !looks(request));
  const outcome = await read();
  if (outcome.kind === 'wrong') {
    const clean = createCleaner(started.secrets);
    for (const line of outcome.lines) console.error(`error: ${oneLine(clean(line))}`);
    return 64;
  }
  const { config } = outcome;
  const secrets = [
    ...started.secrets,
    ...channelSecrets(started, config.channels ?? []),
    ...peerSecrets(started, config),
  ];
  const env = { ...started, secrets, database: resolve(started.database) };
  const print = printer(env);
  if (request.task !== 'watch') {
    const { runTask } = await import('./tasks.ts');
    return runTask(request, config, env, print);
  }
  if (watches) {
    const { watch } = await import('./watch.ts');
    return watch(config, env, given.config === undefined ? undefined : read);
  }
  const asked = askedBots(request, env, env.database, config.bots.map(checkedBot));
  const { verbose = false } = given;
  return print(given.json, 'code' in asked ? asked : await check(asked, env.database, { verbose }));
};

export { guardOutput };

/** A look that fails, or that nobody can read, has found nothing: 3 is 'unknown'. */
const codeOfLook = 3;

const looks = ({ task, given }: Request): boolean => task === 'status' || given.check === true;

/** Nothing could be looked at: whoever asks (Nagios, Docker) reads the output, and takes 1 for a warning. */
const sayUnknown = (why: string, json: boolean | undefined): number => {
  console.log(
    json === true ? JSON.stringify({ state: 'unknown', reason: why }) : `HEARTBEAT UNKNOWN - ${why}`,
  );
  return codeOfLook;
};

const wordsOf = (error: unknown): string =>
  isSystemError(error) ? explainSystemError(error) : errorMessage(error);

/** Runs the command line; resolves with the exit code. */
export const main = async (argv: readonly string[], output: Output): Promise<number> => {
  const asked = checkFlags(argv);
  const request: Request | { readonly exitCode: number } =
    asked === null ? (await import('./flags.ts')).parseFlags(argv) : { task: 'watch', given: asked };
  if ('exitCode' in request) return output.codeOf(request.exitCode);
  if (request.task === 'completion') {
    const { completionOf } = await import('./completion.ts');
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
    const why = oneLine(clean(wordsOf(error)));
    if (looks(request)) return await output.codeOf(sayUnknown(why, request.given.json), codeOfLook);
    console.error(`sentinel-monitor: ${why}`);
    return 1;
  }
};
