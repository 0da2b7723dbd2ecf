import { sqliteCodeOf } from '@sentinel/heartbeat-core';

/** What can befall the file of a store. A closed set: it is told to people and counted. */
export type StoreTrouble =
  /** The file is damaged: it was moved to `keptAs`, and a new one begun. */
  | { readonly kind: 'set-aside'; readonly file: string; readonly keptAs: string; readonly reason: string }
  /** The file or its log was removed, cut or replaced while it was in use: what was in it is not in the new one. */
  | {
      readonly kind: 'removed';
      readonly file: string;
      /** A person has set it aside under this name. */
      readonly keptAs?: string;
    }
  /** The file cannot be used now: what is not written is not remembered after a restart. */
  | {
      readonly kind: 'unusable';
      readonly file: string;
      readonly reason: string;
      /** Who locks it, in words with a space in front; empty or missing: not known. */
      readonly by?: string;
    }
  /** It has worked for a while, after it had failed again so many times meanwhile. */
  | { readonly kind: 'usable-again'; readonly file: string; readonly relapses: number }
  /** Another process wrote rows with numbers that cannot be right: they were taken out. `what` names the first of them. */
  | {
      readonly kind: 'rows-removed';
      readonly file: string;
      readonly table: string;
      readonly count: number;
      readonly what: readonly string[];
    }
  /** The work itself failed: a fault of the program, not of the disk. Nothing of it was written. */
  | { readonly kind: 'work-failed'; readonly file: string; readonly reason: string };

/**
 * What to do about a journal that cannot be used.
 *
 * @param reason in the words of SQLite or of the system.
 * @example
 * journalAdvice('database is locked'); // 'Another process locks it (a copy, ...'
 */
export const journalAdvice = (reason: string | undefined): string => {
  if (/locked|busy/i.test(reason ?? ''))
    return 'Another process locks it (for example a copy, a backup or a database tool): wait until it is done, or end it.';
  if (/EMFILE|ENFILE|too many open files/i.test(reason ?? ''))
    return 'The process has too many files open: raise its limit (`ulimit -n`, or `LimitNOFILE` of the service).';
  if (/no regular file/i.test(reason ?? ''))
    return 'What is at that path is a folder, a pipe or a device: move it away.';
  if (/this program is root/i.test(reason ?? ''))
    return 'Run the monitor as that user, or set SENTINEL_DB to a file in a folder in which only root may write.';
  if (/file is empty/i.test(reason ?? ''))
    return 'It cannot be moved away: remove it, and mount the folder of the journal into a container, not the file alone.';
  if (/of another program/i.test(reason ?? '')) return 'Set SENTINEL_DB to a file of its own.';
  return "Look at the disk's space and at the owner of the file.";
};

/** The trouble in one line, with what to do. */
export const describeTrouble = (trouble: StoreTrouble): string => {
  const { kind, file } = trouble;
  switch (kind) {
    case 'set-aside':
      return `The journal ${file} is damaged (${trouble.reason}): it was moved to ${trouble.keptAs}, and a new one was started`;
    case 'removed':
      if (trouble.keptAs !== undefined)
        return `The journal ${file} was set aside while it was in use, as ${trouble.keptAs}: it holds the history until now. State, open incidents and waiting alerts are written into the new one`;
      return `The journal ${file} was removed, cut or replaced while it was in use: its history, or the last part of it, is lost. State, open incidents and waiting alerts are written into the new one`;
    case 'unusable':
      return `The journal ${file} cannot be used (${trouble.reason}${trouble.by ?? ''}): the work continues, history and state are not kept. ${journalAdvice(trouble.reason)}`;
    case 'usable-again':
      return `The journal ${file} can be used again${trouble.relapses === 0 ? '' : ` (it had failed ${trouble.relapses} more times)`}`;
    case 'rows-removed': {
      const { table, count, what } = trouble;
      const more = count > what.length ? ` and ${count - what.length} more` : '';
      return `The journal ${file} had ${count === 1 ? 'a row' : `${count} rows`} in ${table} with a number that cannot be right (${what.join(', ')}${more}): refused and removed, the others are carried out and kept`;
    }
    case 'work-failed':
      return `A change to the journal ${file} was taken back (${trouble.reason})`;
  }
};

/** What an error of SQLite means for the file. */
type StoreFault = 'damaged' | 'unusable' | 'work';

/** TOOBIG, CONSTRAINT, MISMATCH, MISUSE and RANGE: what was to be written is wrong, whatever the disk does. */
const ofWork = new Set([18, 19, 20, 21, 25]);

/** By SQLite's primary result codes: CORRUPT 11 and NOTADB 26 are the file's, most others with a code are of now. */
export const faultOf = (error: unknown): StoreFault => {
  const code = sqliteCodeOf(error);
  const fromSystem = typeof (error as { syscall?: unknown } | null)?.syscall === 'string';
  if (code === 0) return fromSystem ? 'unusable' : 'work';
  if (ofWork.has(code)) return 'work';
  return code === 11 || code === 26 ? 'damaged' : 'unusable';
};

/** Whether SQLite or the system says it of the file. Anything else is a fault of the program. */
export const isRefusal = (error: unknown): boolean => faultOf(error) !== 'work';
