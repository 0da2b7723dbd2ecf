import type { Answer } from '../core/answer.ts';
import type { StoreTrouble } from '../core/store-trouble.ts';
import type { Clock } from './clock.ts';
import type { Records } from './record.ts';
import type { AlertRow } from './record-outbox.ts';
import type { Write, WriteOptions } from './write-queue.ts';

export type StoreOptions = {
  /** How long to wait for another process that writes, in ms. Default: 1,000. */
  readonly lockWaitMs?: number;
  /** How long the file is left alone after it could not be used, in ms. Default: 2,000. */
  readonly restMs?: number;
  /** How long the file must work before its trouble is said to be over, in ms. Default: 30,000. */
  readonly holdMs?: number;
  /** Default: that of the system. */
  readonly clock?: Clock;
};

/** Somebody who knows what the journal has to hold. Both may write; neither may throw. */
export type Keeper = {
  /** Before anything that waits is written: what was left there can still be read. */
  readonly before?: (records: Records) => void;
  /**
   * After it: a file that lacks something is given it.
   *
   * @param isWhole nothing that was to be written was given up.
   */
  readonly after?: (records: Records, isWhole: boolean) => void;
};

/** An alert that waits for a channel, as it was when a transaction last landed. */
export type WaitingAlert = {
  readonly alert: AlertRow;
  /** The message that it was being sent with; `null`: none. */
  readonly batch: string | null;
  readonly attempts: number;
};

/** The journal as a process holds it that must go on whatever becomes of its disk. */
export type Store = {
  readonly file: string;
  /**
   * Runs `work` in one transaction, after all that waits to be written, and gives what it returns; a call within a call
   * joins it. When the whole did not land on the disk, nothing of it did, and the outermost call gives `otherwise`. `work`
   * is not run at all while the file cannot be used. Never throws.
   */
  readonly transact: <T>(work: (records: Records) => T, otherwise: T) => T;
  /** The same for a question whose answer decides something: what cannot be read is told apart from what is not there. */
  readonly ask: <T>(work: (records: Records) => T) => Answer<T>;
  /**
   * Writes it down behind all that waits: at the end of this turn of the loop, in one transaction with the rest, and as
   * often as it takes where the disk takes nothing. Within the work of `transact` it is part of that, and gone with it.
   * Never throws.
   */
  readonly write: (write: Write, options?: WriteOptions) => void;
  /** Writes what waits now. True: nothing waits any more, or it lands with the transaction that runs. */
  readonly flush: () => boolean;
  /** Resolves when what was written in this turn of the loop was tried. What is done then was written down before. */
  readonly turn: () => Promise<void>;
  /** What is known to wait for this channel, also while the file cannot be used. */
  readonly waitingFor: (channel: string) => readonly WaitingAlert[];
  /** Has a part in every transaction from now on, until what this gives is called. */
  readonly attend: (keeper: Keeper) => () => void;
  /** What has landed goes from the `-wal` into the file itself, as far as its readers let it. Never throws. */
  readonly intoFile: () => void;
  /**
   * A mark that is another one once somebody else has written to the journal, without a transaction.
   * `null`: it cannot be told, so look.
   */
  readonly mark: () => string | null;
  /**
   * Hears of trouble: once per cause, and once more when it is over. What happened before is told at once. The
   * listener may use the store.
   */
  readonly listen: (listener: (trouble: StoreTrouble) => void) => void;
  /** Writes what waits, as far as the disk takes it, and ends. */
  readonly close: () => void;
};
