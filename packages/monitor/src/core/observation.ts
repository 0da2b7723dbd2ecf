import type { Exposure, Health, Reading } from '@sentinel/heartbeat-core';
import type { Custody } from '../custody/custody.ts';
import type { Writer } from './supervisor-state.ts';

export type CommandFacts = {
  /** When it was started, the bot before it having been ended; `null`: by another monitor, before this one. */
  readonly startedAt: number | null;
  readonly running: boolean;
  /** When it had ended; `null`: it runs, or that is not known. */
  readonly endedAt: number | null;
  /** Any process of its group lives; `null`: not known. */
  readonly groupAlive: boolean | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it was not started at all, and when that was known. */
  readonly refused: string | null;
  readonly refusedAt: number | null;
  /** The last of what it printed, without secrets. */
  readonly output: string;
};

export const nothingRun: CommandFacts = {
  startedAt: null,
  running: false,
  endedAt: null,
  groupAlive: null,
  exitCode: null,
  signal: null,
  refused: null,
  refusedAt: null,
  output: '',
};

/** What the system's processes say of the bot. */
export type ProcessFacts = {
  /** Whose process it is; `null`: it was not asked, since nothing is to be ended or started. */
  readonly custody: Custody | null;
  /** The process behind the last beat. `gone`: it is known to have ended. */
  readonly writer: 'alive' | 'gone' | 'unknown';
  /** What tells that process from any other with its number; `null`: it was not looked at. */
  readonly mark: number | null;
  /** It is gone with the start of the machine before this one: the system may be starting it now. */
  readonly byReboot: boolean;
  /** How a bot in the foreground of the restart command ended. */
  readonly exitCode: number | null;
  /** A process that can be the bot lives; `null`: not known. */
  readonly candidate: boolean | null;
  /** When the process behind the last beat began, on the clock of the look; `null`: not known, or that was not asked. */
  readonly begunAt: number | null;
  /** More than one bot runs: the first process of each; else nothing. */
  readonly several: readonly number[];
  /** Those whose beats came and that live come from one start of the bot, as a parent and its workers. Default: not known. */
  readonly beatAsOne?: boolean;
  /** The process that is the bot, where it has not run while beats came: another process writes them. */
  readonly idle?: number | null;
  /** The process that was the bot and has ended, where beats go on and nothing is known to write them; `null`: none is. */
  readonly lost?: number | null;
  /** Why no beat can be written: the code of the system; `null`: it can, as far as is known, or that was not asked. */
  readonly diskTrouble: string | null;
};

export const noProcessFacts: ProcessFacts = {
  custody: null,
  writer: 'unknown',
  mark: null,
  byReboot: false,
  exitCode: null,
  candidate: null,
  begunAt: null,
  several: [],
  diskTrouble: null,
};

/** What is seen of a bot at one instant: all that a decision depends on beside the state, the time and the policy. */
export type Observation = {
  readonly bot: string;
  readonly health: Health;
  /** An id of the run that wrote the last beat; `null` where the file names none, and no process either. */
  readonly run: string | null;
  /** Who wrote the last beat; `null` where the file names no instance. */
  readonly writer: Writer | null;
  /** What the look at the file gave. */
  readonly reading: Reading['kind'];
  /** The run names itself: no other one can look like it. */
  readonly named: boolean;
  /** The status is 🔄: whoever writes it is about to start something. */
  readonly saysRestart: boolean;
  /** A beat could be read at some time, by this monitor or by the one before it. */
  readonly everBeat: boolean;
  /** When a look found that beat first, whatever its date says; `null` without a beat. */
  readonly foundAt: number | null;
  /** It was seen to come: its date says nothing. */
  readonly watched: boolean;
  /** It may be a copy: what counts is the one before it. */
  readonly doubted: boolean;
  /** It was seen to come, and its clock was compared with the one here, which was not set meanwhile. */
  readonly compared: boolean;
  /**
   * When a file that gives no beat was seen to change last, and whether it goes on changing, no beat between; `null`: it gives
   * one, or it was not. Default: `null`.
   */
  readonly written?: { readonly at: number; readonly goesOn: boolean } | null | undefined;
  /** For how long the file has shown this very beat to this monitor, in ms; 0 without one. */
  readonly unchangedMs: number;
  /** It is dated before others that were seen to come earlier: a clock was set back, or it is a copy of before. Default: false. */
  readonly backdated?: boolean;
  /** What tells this beat from any other; `null` without a beat. */
  readonly beat: string | null;
  /** When the last beat came, on the clock of `now`; `null` without a beat. */
  readonly beatAt: number | null;
  /** `null` without a beat. */
  readonly sessionActive: boolean | null;
  readonly status: string | null;
  /** Why the bot has halted itself; `null`: it has not, or there is no beat. */
  readonly ownHalt: string | null;
  /** What the bot asks a person for; `null`: nothing, or there is no beat. */
  readonly needsPerson: string | null;
  /** Feeds that are mute, and what was missed, by its last beat; `null`: nothing. */
  readonly muteFeeds: string | null;
  readonly missed: string | null;
  /** What the bot has at stake; `null`: it does not say. */
  readonly exposure: Exposure | null;
  readonly command: CommandFacts | null;
  readonly processes: ProcessFacts;
  /** From 0 to 1: spreads the restarts of many bots. */
  readonly chance: number;
  /** Other bots are being started at this moment: this one waits for its turn. Default: false. */
  readonly crowded?: boolean;
};
