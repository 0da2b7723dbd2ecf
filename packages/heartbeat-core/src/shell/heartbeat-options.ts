import type { Expectation, Exposure } from '../core/beat-facts.ts';

/** What an update may say beside its status. */
export type UpdateOptions = {
  /** Whether the broker session is up. Default: as in the last update; `false` at first. */
  readonly sessionActive?: boolean;
  /** Who beats: `login`, `loop`, `reporter` ... */
  readonly source?: string;
  /** A number or string that changes only when real work is done. Default: as in the last update. */
  readonly progress?: number | string;
  /** This end is planned: no incident. */
  readonly stopped?: boolean;
  /**
   * The bot lives and does not trade, on purpose: why. It is not restarted, and not stuck. This and what follows hold until
   * another update says otherwise; `null` ends them. Default: as in the last update.
   */
  readonly halted?: string | null;
  /** A person has to do something, and a restart would only ask again: what. It is told at once. Default: as in the last update. */
  readonly needsPerson?: string | null;
  /** What the bot has at stake: shown on the page and in every critical alert. Default: as in the last update. */
  readonly exposure?: Exposure | null;
  /** When each feed last brought something, in ms since the epoch. Default: as in the last update. */
  readonly feeds?: Readonly<Record<string, number>> | null;
  /** What should happen by an instant (ms since the epoch); missed, it is told. Default: as in the last update. */
  readonly expect?: Expectation | null;
};

/** Why updates do not land. `code` is the cause: ENOSPC, EACCES, EROFS ... */
export type WriteFailure = { readonly file: string; readonly code: string; readonly error: unknown };

/** How {@link createHeartbeat} is bound. Everything has a default. */
export type HeartbeatOptions = {
  /** Default: `logs/heartbeat_status.txt` under the current directory. */
  readonly file?: string;
  /** Follow a link in the file's place; without it the link itself is replaced. Default: true. */
  readonly followLinks?: boolean;
  /** An id of this run of the bot. Default: a random one. */
  readonly instance?: string;
  /** The process that the beats are of, in the same pid namespace. Default: this one. */
  readonly pid?: number;
  /**
   * Called when updates do not land: once per cause, and again only after one has landed in between. What it throws
   * is a line on standard error. Default: one line on standard error.
   */
  readonly onError?: (failure: WriteFailure) => void;
  /** Values that must never reach the file in an error's message: passwords, keys. Default: none. */
  readonly secrets?: readonly string[];
  /** The clock, in ms since the epoch; a fraction gives the microseconds of line 2. Default: the system's. */
  readonly now?: () => number;
};

/** What a step says at its end; by default its name again. */
export type StepWords = { readonly ok?: string; readonly failed?: string };

/** A heartbeat bound to a file and an instance. */
export type Heartbeat = {
  /** The status file, as an absolute path. */
  readonly file: string;
  /** The id of this run of the bot. */
  readonly instance: string;
  /**
   * Writes one beat; synchronous and ordered. Never throws: returns whether the update landed.
   * A plain boolean is `sessionActive`. An empty status is refused with the code `EMPTY_STATUS`.
   */
  readonly update: (status: string, options?: UpdateOptions | boolean) => boolean;
  /**
   * ⏳ before, ✅ after, ❌ with the error's message (its first 200 characters, redacted) on a throw.
   * Value and error go on to the caller.
   */
  readonly step: <T>(name: string, work: () => T | Promise<T>, words?: StepWords) => Promise<T>;
};
