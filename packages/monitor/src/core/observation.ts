import type { Health } from '@sentinel/heartbeat-core';
import type { Writer } from './supervisor-state.ts';

/** What is known of the restart command that was run last. */
export type CommandFacts = {
  /** When it was started, the bot before it having been ended; `null`: by another monitor, before this one. */
  readonly startedAt: number | null;
  readonly running: boolean;
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
  exitCode: null,
  signal: null,
  refused: null,
  refusedAt: null,
  output: '',
};

/** What is seen of a bot at one instant: all that a decision depends on beside the state, the time and the policy. */
export type Observation = {
  readonly bot: string;
  readonly health: Health;
  /** An id of the run that wrote the last beat; `null` where the file names none, and no process either. */
  readonly run: string | null;
  /** Who wrote the last beat; `null` where the file names no instance. */
  readonly writer: Writer | null;
  /** When the last beat came, on the clock of `now`; `null` without a beat. */
  readonly beatAt: number | null;
  /** `null` without a beat. */
  readonly sessionActive: boolean | null;
  /** The bot's last status, as it wrote it. */
  readonly status: string | null;
  /** The market is closed: no beat is asked for. */
  readonly closed: boolean;
  /** In how many ms the health, or the market, changes if nothing happens; `null`: it does not. */
  readonly changesInMs: number | null;
  /** Wall clock and monotonic clock went apart since the last look: this machine slept, or its clock was set. */
  readonly clockJumped: boolean;
  readonly command: CommandFacts | null;
  /** From 0 to 1: spreads the restarts of many bots. */
  readonly chance: number;
};
