/** The environment of the API beside a monitor with these arguments: it serves the bots of the same config file. */
export const environmentOfApi = (monitorArgs: readonly string[]): NodeJS.ProcessEnv => {
  const config = configIn(monitorArgs);
  return config === undefined ? process.env : { ...process.env, SENTINEL_CONFIG: config };
};

/** The file of `--config FILE` or `--config=FILE`; the last one counts, as for the monitor. */
export const configIn = (args: readonly string[]): string | undefined =>
  args
    .map((arg, index) => (arg === '--config' ? args[index + 1] : /^--config=(.+)$/s.exec(arg)?.[1]))
    .findLast((file) => file !== undefined);
