import type { StatusRecord } from '@sentinel/heartbeat-core';
import type { ProcessFacts } from '../../core/observation.ts';
import type { CommandShape } from '../../custody/command-shape.ts';
import type { Custody, GroupFacts } from '../../custody/custody.ts';
import type { KnownProcess, Target } from '../../custody/process.ts';
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

/** Knows the processes of one bot: who writes its beats, what runs its program, what its command started. */
export type Custodian = {
  /**
   * Takes in a beat that can be read.
   *
   * @param how `aheadMs`: by how much the clock that has dated it is known to be ahead, or behind (negative);
   *   `isDoubted`: it may be a copy of before; `isUndated`: it was found in a moment in which the clock here was set, so that
   *   no date tells how old it is.
   */
  readonly learn: (
    record: StatusRecord,
    how: {
      readonly isNew: boolean;
      readonly isDoubted: boolean;
      readonly isUndated: boolean;
      readonly aheadMs: number;
    },
  ) => void;
  /** Looks for the bot's processes while it beats; from time to time, since that costs. True: it looked. */
  readonly scan: (isWell: boolean) => boolean;
  /** The next scans are made soon: another run beats. */
  readonly rescan: () => void;
  readonly ask: (question: Question) => Custody;
  /** Whether the process behind the last beat lives. */
  readonly writer: () => Pick<ProcessFacts, 'writer' | 'byReboot'>;
  /** What tells the process behind the last beat from any other; `null`: it was not looked at. */
  readonly mark: () => number | null;
  /**
   * The process behind the last beat is what the restart command runs, or its child; `null`: that is not known. To be asked
   * with each look: of a process that is gone nobody tells it any more.
   *
   * @param isOver the restart command has ended.
   */
  readonly isInFront: (isOver: boolean) => boolean | null;
  /** For how long the process behind the last beat has run; `null`: that is not known. */
  readonly runsForMs: () => number | null;
  /** A process that can be the bot lives; `null`: that cannot be known. */
  readonly candidate: () => boolean | null;
  /** The bots that two scans in a row have found, where they are more than one: the first process of each. */
  readonly several: () => readonly number[];
  /** The process that is the bot, where it has not run while beats came: another process writes the file. */
  readonly idle: () => number | null;
  /** The process that was the bot and has ended, where beats go on and nothing is known to write them. */
  readonly lost: () => number | null;
  readonly diskTrouble: () => string | null;
  /** What the restart command has started outside of its process group. */
  readonly startedOutside: () => readonly KnownProcess[];
  readonly signal: (targets: readonly Target[], signal: 'SIGTERM' | 'SIGKILL') => void;
  readonly everBeat: () => boolean;
  /** The journal can be read by now: what the monitor before knew joins what this one has seen. */
  readonly reload: () => void;
  readonly uptimeMs: () => number;
  readonly shape: CommandShape;
  /** What this bot has, for the other bots of the monitor. */
  readonly claim: Claim;
};
