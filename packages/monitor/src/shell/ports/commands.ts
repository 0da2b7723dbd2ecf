import { endProcess } from './end-process.ts';
import { runLastResort } from './last-resort.ts';
import { createRestarter, type Restarter } from './restart-command.ts';
import type { RestarterOptions } from './start-command.ts';

/** Runs the commands of the operator, and ends what they started. */
export type Commands = {
  /** The restart command of one bot, in a process group of its own. */
  readonly restarter: (options: RestarterOptions) => Restarter;
  /** The command of a spent budget. */
  readonly lastResort: typeof runLastResort;
  /** TERM, then KILL after a while. */
  readonly endProcess: typeof endProcess;
};

export const systemCommands: Commands = {
  restarter: createRestarter,
  lastResort: runLastResort,
  endProcess,
};
