import { closeSync, constants, fstatSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, openPlainFile } from '@sentinel/heartbeat-core';

type LogFile = {
  readonly write: (text: string) => void;
  readonly close: () => void;
};

type LogFileOptions = {
  /** The size at which the file is put aside, in bytes. */
  readonly limit: number;
  /** How many are kept beside the current one. */
  readonly kept: number;
  /** Hears, once until it works again, why nothing can be written. */
  readonly complain: (why: string) => void;
};

/** Whether somebody else has put the file aside is looked at this often, in ms. */
const lookEveryMs = 500;
const { O_WRONLY, O_APPEND, O_CREAT } = constants;

type Open = { readonly descriptor: number; readonly identity: string; size: number };

const identityOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }) => `${dev}:${ino}`;

const openFile = (file: string): Open => {
  makeFolder(dirname(file));
  const descriptor = openPlainFile(file, O_WRONLY | O_APPEND | O_CREAT, 0o644);
  const stats = fstatSync(descriptor);
  return { descriptor, identity: identityOf(stats), size: stats.size };
};

/** A file that is no plain one is refused in words, of which the code is only the name. */
const words = ({ code, message, errstr }: NodeJS.ErrnoException & { readonly errstr?: string }): string =>
  errstr === undefined ? (code ?? message) : `it ${errstr}`;

/**
 * A file that lines are added to, put aside by size: `a.log`, then `a.1.log` and so on. One that somebody else puts aside
 * (logrotate) is opened anew. A link in its place is not followed. Never throws.
 */
export const openLogFile = (file: string, { limit, kept, complain }: LogFileOptions): LogFile => {
  let open: Open | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let complained = false;

  const close = () => {
    if (open !== null) closeSync(open.descriptor);
    open = null;
  };
  const nameOf = (index: number) => (index === 0 ? file : file.replace(/\.log$/, `.${index}.log`));
  const putAside = () => {
    close();
    for (let index = kept; index > 0; index -= 1)
      if (statSync(nameOf(index - 1), { throwIfNoEntry: false }) !== undefined)
        renameSync(nameOf(index - 1), nameOf(index));
  };
  const isElsewhere = (): boolean => {
    const now = performance.now();
    if (open === null || now - lookedAt < lookEveryMs) return false;
    lookedAt = now;
    const there = statSync(file, { throwIfNoEntry: false });
    return there === undefined || identityOf(there) !== open.identity;
  };

  return {
    write: (text) => {
      try {
        if (isElsewhere()) close();
        open ??= openFile(file);
        if (open.size >= limit) {
          putAside();
          open = openFile(file);
        }
        open.size += writeSync(open.descriptor, text);
        complained = false;
      } catch (error) {
        if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
        if (!complained) complain(words(error as NodeJS.ErrnoException));
        complained = true;
      }
    },
    close,
  };
};
