import type { GroupFacts } from '../../custody/custody.ts';
import type { Files } from '../ports/files.ts';
import type { Processes } from '../ports/processes/index.ts';
import type { ProcessMemory } from './memory.ts';
import type { Claim } from './search.ts';

export type CustodianOptions = {
  readonly file: string;
  readonly command: string | undefined;
  readonly commandEndsBot: boolean;
  readonly botProcess: string | undefined;
  /** Where the command is run; left out: where this process is. */
  readonly folder?: string | undefined;
  /** The environment that the command gets; left out: not known. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** The monitor is the bot's parent: the command is the bot. */
  readonly supervise: boolean;
  readonly graceMs: number;
  readonly files: Files;
  readonly processes: Processes;
  readonly memory: ProcessMemory;
  /** The group in which the restart command was run last. */
  readonly group: () => GroupFacts;
  /** Whether one of the other bots of this monitor is such. */
  readonly another: (isSuch: (claim: Claim) => boolean) => boolean;
  /** Wall clock, ms since the epoch. */
  readonly wall: () => number;
  /** The monitor that has written what is remembered has ended: this one holds its lock. */
  readonly isSuccessor: boolean;
};

/** What is asked beside the facts that the custodian keeps. */
export type Question = {
  readonly commandFailed: boolean;
  /** A process that began later is a new start: in ms since the machine's start. Default: later than the last beat. */
  readonly laterThanUp: number | null;
};

/** How a beat was found. */
export type Finding = {
  readonly isNew: boolean;
  readonly isDoubted: boolean;
  readonly isUndated: boolean;
  readonly aheadMs: number;
};
