import { resolve } from 'node:path';
import {
  createCleaner,
  errorMessage,
  explainSystemError,
  isSystemError,
  oneLine,
} from '@sentinel/heartbeat-core';
import type { Config, ConfigOutcome, Outcome } from '@sentinel/monitor';
import { channelSecrets, peerSecrets } from './channel-names.ts';
import { configOf } from './config-of.ts';
import { type Env, readEnv } from './env.ts';
import type { Printed } from './printed.ts';
import { programName } from './program-name.ts';
import type { Request } from './request.ts';

/** Shows what was found, and gives its exit code. */
export type Print = (json: boolean | undefined, outcome: Outcome) => number;

export type Deeds = {
  /** What needs no config; `null`: this request is no such. */
  readonly withoutConfig?: (request: Request, env: Env) => Promise<number> | null;
  readonly withConfig: (
    request: Request,
    config: Config,
    env: Env,
    print: Print,
    read: () => Promise<ConfigOutcome>,
  ) => Promise<number>;
};

/** Shows an outcome, clean. In JSON each text by itself: what is struck out of the whole could break its form. */
const printer =
  ({ secrets }: Env, { line }: Printed): Print =>
  (json, outcome) => {
    const clean = createCleaner(secrets);
    const cleanText = (_: string, value: unknown) => (typeof value === 'string' ? clean(value) : value);
    const asJson = json === true && outcome.json !== undefined;
    line(asJson ? JSON.stringify(outcome.json, cleanText) : clean(outcome.line));
    return outcome.code;
  };

export const watches = ({ task, given }: Request): boolean => task === 'watch' && given.check !== true;

const run = async (request: Request, started: Env, deeds: Deeds, printed: Printed): Promise<number> => {
  const { given } = request;
  // A monitor that watches has a log for them.
  if (!watches(request)) for (const line of started.warnings) printed.error(`warning: ${line}`);
  const done = deeds.withoutConfig?.(request, started) ?? null;
  if (done !== null) return done;
  const read = () => configOf(given, started, !looks(request));
  const outcome = await read();
  if (outcome.kind === 'wrong') {
    const clean = createCleaner(started.secrets);
    for (const line of outcome.lines) printed.error(`error: ${oneLine(clean(line))}`);
    return 64;
  }
  const { config } = outcome;
  const secrets = [
    ...started.secrets,
    ...channelSecrets(started, config.channels ?? []),
    ...peerSecrets(started, config),
  ];
  const env = { ...started, secrets, database: resolve(started.database) };
  return deeds.withConfig(request, config, env, printer(env, printed), read);
};

/** A look that fails, or that nobody can read, has found nothing: 3 is 'unknown'. */
const codeOfLook = 3;

const looks = ({ task, given }: Request): boolean => task === 'status' || given.check === true;

/** Nothing could be looked at: whoever asks (Nagios, Docker) reads the output, and takes 1 for a warning. */
const sayUnknown = (why: string, json: boolean | undefined, { line }: Printed): number => {
  line(json === true ? JSON.stringify({ state: 'unknown', reason: why }) : `HEARTBEAT UNKNOWN - ${why}`);
  return codeOfLook;
};

const wordsOf = (error: unknown): string =>
  isSystemError(error) ? explainSystemError(error) : errorMessage(error);

export const runRequest = async (request: Request, deeds: Deeds, printed: Printed): Promise<number> => {
  let clean = createCleaner();
  try {
    const env = readEnv();
    clean = createCleaner(env.secrets);
    const code = await run(request, env, deeds, printed);
    if (looks(request)) return await printed.codeOf(code, codeOfLook);
    return request.task === 'watch' ? code : await printed.codeOf(code);
  } catch (error) {
    const why = oneLine(clean(wordsOf(error)));
    if (looks(request)) return await printed.codeOf(sayUnknown(why, request.given.json, printed), codeOfLook);
    printed.error(`${programName()}: ${why}`);
    return 1;
  }
};
