export const exitCodes = {
  /** A planned stop, or a command that was carried out. */
  ok: 0,
  failure: 1,
  /** The settings or the command line cannot be used. */
  usage: 2,
  /** Another instance runs: this one has done nothing. */
  alreadyRunning: 3,
} as const;
