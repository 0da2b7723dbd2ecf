import type { BeatFacts } from './beat-facts.ts';

/** What one heartbeat says: the three lines of the status file as data. Instants are milliseconds since the epoch. */
export type StatusRecord = BeatFacts & {
  /** Line 1 as people read it: indicator (when there is one), a space, the message. */
  readonly status: string;
  readonly indicator: string | null;
  readonly message: string;
  /** Line 2 as it stands in the file. */
  readonly timestamp: string;
  /** When the beat was written: the UTC instant of line 3 where it says, else line 2. */
  readonly updatedAt: number;
  /** The other instant at which clocks showed a date without offset, in an hour that comes twice: `updatedAt` is the first. */
  readonly secondAt?: number;
  /** False where the file does not say. */
  readonly sessionActive: boolean;
  readonly stopped: boolean;
  readonly startedAt?: number;
  readonly pid?: number;
  readonly host?: string;
  /** The start of the machine and the pid namespace in which `pid` counts: `<boot id> <pid namespace>`. */
  readonly boot?: string;
  /** An id of this run of the bot. */
  readonly instance?: string;
  /** Rises by one with each update of one instance. */
  readonly seq?: number;
  readonly source?: string;
  /** Changes only when real work is done. */
  readonly progress?: number | string;
  /** The bot lives, and does not trade on purpose: why. */
  readonly halted?: string;
  /** A person has to do something, and a restart would not help: what. */
  readonly needsPerson?: string;
  /** There is no line 3: what it would say, of the session too, is not known. */
  readonly bare?: true;
};
