import type { Expectation, Exposure } from '../core/beat-facts.ts';

/** What an update may contain besides its status. */
export type UpdateOptions = {
  /** Whether the broker session is active. Default: as in the last update; `false` at first. */
  readonly sessionActive?: boolean;
  /** Who beats: `login`, `loop`, `reporter` ... */
  readonly source?: string;
  /** A number or string that changes only when real work is done. Default: as in the last update. */
  readonly progress?: number | string;
  /** The bot ends now, as planned: no incident. */
  readonly stopped?: boolean;
  /**
   * Why the bot lives and does not trade, on purpose. While it beats it is never stuck and is not restarted. This value and
   * the values below stay until another update changes them; `null` ends them. Default: as in the last update.
   */
  readonly halted?: string | null;
  /** What a person has to do, where a restart would only ask again. People are alerted at once. Default: as in the last update. */
  readonly needsPerson?: string | null;
  /** What the bot has at stake: shown on the page and in every critical alert. Default: as in the last update. */
  readonly exposure?: Exposure | null;
  /** When each feed last delivered data, in ms since the epoch. Default: as in the last update. */
  readonly feeds?: Readonly<Record<string, number>> | null;
  /** What should happen by when (ms since the epoch). If it does not, people are alerted. Default: as in the last update. */
  readonly expect?: Expectation | null;
};

/** Why updates cannot be written. `code` is the cause: ENOSPC, EACCES, EROFS ... */
export type WriteFailure = { readonly file: string; readonly code: string; readonly error: unknown };

/** Options of {@link createHeartbeat}. Each has a default. */
export type HeartbeatOptions = {
  /** Default: `logs/heartbeat_status.txt` under the current directory. */
  readonly file?: string;
  /** If the file is a link: `true` follows the link, `false` replaces the link itself. Default: true. */
  readonly followLinks?: boolean;
  /** An id of this run of the bot. Default: a random one. */
  readonly instance?: string;
  /** The process that the beats name, in the same pid namespace. Default: this one. */
  readonly pid?: number;
  /**
   * Called when an update cannot be written: once per cause, and again only after an update was written in between. If
   * it throws, the error is printed as a line on standard error. Default: one line on standard error.
   */
  readonly onError?: (failure: WriteFailure) => void;
  /** Values that must never reach the file, whatever a beat says: passwords, keys (of at least 4 characters). Default: none. */
  readonly secrets?: readonly string[];
  /** The clock, in ms since the epoch; a fraction gives the microseconds of line 2. Default: the system's. */
  readonly now?: () => number;
};

/** The text of a step at its end; by default its name. */
type StepWords = { readonly ok?: string; readonly failed?: string };

/** A heartbeat bound to a file and an instance. */
export type Heartbeat = {
  /** The status file, as an absolute path. */
  readonly file: string;
  readonly instance: string;
  /**
   * Writes one beat; synchronous and ordered. Never throws: returns whether the beat was written.
   * A boolean argument is `sessionActive`. An empty status is written as `❓ No status given`: no beat is lost for it.
   */
  readonly update: (status: string, options?: UpdateOptions | boolean) => boolean;
  /**
   * Writes ⏳ before the work and ✅ after it. If the work throws, it writes ❌ with the error's message (its first 200
   * characters, redacted). The caller gets the value or the error.
   */
  readonly step: <T>(name: string, work: () => T | Promise<T>, words?: StepWords) => Promise<T>;
};
