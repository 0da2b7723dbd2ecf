import { createSources, type Sources } from '@sentinel/heartbeat-core';
import { type MonitorClock, monitorClock } from './clock.ts';
import { type Commands, systemCommands } from './commands.ts';
import { type Files, systemFiles } from './files.ts';
import { type Processes, processesOf } from './processes/index.ts';

/**
 * Everything that a monitor takes from the machine, beside the journal and those whom it tells. What is here by default is
 * the machine itself; a simulation passes its own.
 */
export type Ports = {
  readonly clock: MonitorClock;
  /** From 0 to 1: spreads the restarts of many bots. */
  readonly random: () => number;
  /** Where readings of status files come from. */
  readonly sources: Sources;
  readonly files: Files;
  readonly processes: Processes;
  readonly commands: Commands;
};

/** Those that are given, and for the others this machine. */
export const portsOf = (given: Partial<Ports>, warn: (line: string) => void): Ports => {
  const { clock = monitorClock, random = Math.random } = given;
  const { files = systemFiles, commands = systemCommands } = given;
  const sources = given.sources ?? createSources({ now: clock.now, warn });
  if (given.processes !== undefined)
    return { clock, random, sources, files, commands, processes: given.processes };
  const { processes, note } = processesOf(process.platform);
  if (note !== null) warn(note);
  return { clock, random, sources, files, commands, processes };
};
