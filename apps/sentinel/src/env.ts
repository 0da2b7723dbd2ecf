/** Where the API learns what the monitor is told on its command line. A config file says all of it by itself. */
const variables = { '--file': 'HEARTBEAT_STATUS_FILE', '--bot': 'SENTINEL_BOT_NAME' } as const;

/** The environment of the API beside a monitor with these arguments: it serves the same bots from the same files. */
export const environmentOfApi = (monitorArgs: readonly string[]): NodeJS.ProcessEnv => {
  const config = valueIn(monitorArgs, '--config');
  if (config !== undefined) return { ...process.env, SENTINEL_CONFIG: config };
  const own = Object.entries(variables).flatMap(([flag, variable]) => {
    const value = valueIn(monitorArgs, flag);
    return value === undefined ? [] : [[variable, value] as const];
  });
  // A list of bots that is meant for the API alone would hide the one that is watched.
  return own.length === 0
    ? process.env
    : { ...process.env, SENTINEL_CONFIG: '', SENTINEL_BOTS: '', ...Object.fromEntries(own) };
};

/** The value of `--flag VALUE` or `--flag=VALUE`; the last one counts, as for the monitor. */
export const valueIn = (args: readonly string[], flag: string): string | undefined =>
  args
    .map((arg, index) =>
      arg === flag ? args[index + 1] : arg.startsWith(`${flag}=`) ? arg.slice(flag.length + 1) : undefined,
    )
    .findLast((value) => value !== undefined && value !== '');
