import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { guardOutput, type Output } from '@sentinel/heartbeat-core';
import { main } from './main.ts';

export { guardOutput };

const help = `Usage: sentinel-api

Serves the state of the bot over HTTP, and the dashboard, until SIGTERM or Ctrl-C. It has no other options than these:

  -h, --help     show this help
  -V, --version  show the version

Examples:
  sentinel-api                                              the page at http://127.0.0.1:5000/
  PORT=8080 sentinel-api                                    on another port
  SENTINEL_CONFIG=sentinel.json sentinel-api                the bots of the monitor's config file
  SENTINEL_BOTS=alpha=logs/a.txt,beta=logs/b.txt sentinel-api    several bots

Environment, also from .env: HOST (127.0.0.1), PORT (5000), HEARTBEAT_STATUS_FILE, SENTINEL_DB, SENTINEL_BOT_NAME,
SENTINEL_BOTS, SENTINEL_CONFIG, SENTINEL_API_TOKEN, SENTINEL_READ_TOKEN, SENTINEL_BEATS_TOKEN, SENTINEL_BEATS_TOKENS, SENTINEL_MAX_AGE_MINUTES,
SENTINEL_MAX_STALL_MINUTES, SENTINEL_FORMAT, SENTINEL_CORS_ORIGIN, SENTINEL_DASHBOARD_DIR, SENTINEL_ALLOWED_HOSTS, SENTINEL_TRUSTED_PROXIES. What each means: docs/operation/configuration.md

Exit codes:
  0   stopped by SIGTERM or Ctrl-C
  1   it could not listen, Node is too old, or this help could not be printed
  2   the environment or .env cannot be used
  64  the command line cannot be used`;

const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

const version = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;

/** Runs one command line (without program and script). The exit code. */
export const runCli = async (args: readonly string[], output: Output): Promise<number> => {
  // Not strict, so that what is wrong gets one line of ours.
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const wrong = tokens.find(
    (token) => token.kind !== 'option' || !(token.name in options) || token.value !== undefined,
  );
  if (wrong !== undefined) {
    const what =
      wrong.kind === 'option' ? `option '${wrong.rawName}'` : `argument '${args[wrong.index] ?? ''}'`;
    console.error(`sentinel-api: unknown ${what}. See sentinel-api --help.`);
    return 64;
  }
  if (values.help === true) console.log(help);
  else if (values.version === true) console.log(version());
  else return main(version());
  return output.codeOf(0);
};
