import type { Problem } from './problem.ts';
import type { StatusRecord } from './status-record.ts';

/** What a look at the status file gave: a beat, or the reason why there is none. */
export type Reading =
  | {
      readonly kind: 'beat';
      readonly record: StatusRecord;
      /**
       * When its file was last written, by the clock of this machine, in ms since the epoch. Given only where that is
       * earlier than the beat's own date, whose clock is ahead then: no beat was written after its file was.
       */
      readonly mtimeMs?: number | undefined;
    }
  | {
      readonly kind: 'missing' | 'corrupt' | 'unreadable';
      readonly problem: Problem;
      /** What tells the content of a file that gives no beat from another one: while that changes, somebody writes it. */
      readonly stamp?: string;
    };
