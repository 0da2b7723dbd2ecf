import type { Config } from '@sentinel/monitor';
import { check } from '@sentinel/monitor/check';
import { askedBots, checkedBot } from './asked-bots.ts';
import { checkFlags } from './check-flags.ts';
import type { Env } from './env.ts';
import { printSync } from './printed.ts';
import { programName } from './program-name.ts';
import type { Request } from './request.ts';
import { type Print, runRequest } from './run-request.ts';

// Docker looks every 30 s: this file is built into one of its own, in which is only what a look needs.

export const lookAtBots = async (
  request: Request,
  config: Config,
  env: Env,
  print: Print,
): Promise<number> => {
  const { json, verbose = false } = request.given;
  const asked = askedBots(request, env, env.database, config.bots.map(checkedBot));
  return print(json, 'code' in asked ? asked : await check(asked, env.database, { verbose }));
};

/** Runs a command line that asks for one look; resolves with the exit code, with `null` for any other command line. */
export const look = async (argv: readonly string[]): Promise<number | null> => {
  const given = checkFlags(argv);
  if (given === null) return null;
  return runRequest({ task: 'watch', given }, { withConfig: lookAtBots }, printSync(programName()));
};
