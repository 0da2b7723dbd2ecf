import { unlinkSync } from 'node:fs';
import { identityOf } from '@sentinel/heartbeat-core';
import { movedTo } from './move-aside.ts';
import { heldBy } from './sqlite.ts';

/** A `-wal` without a header holds nothing yet, and is the one that is written to: removed, it is missed. */
const partOf = (file: string, part: string): string => {
  const held = heldBy(file, part);
  if (held !== null) return held;
  const empty = identityOf(file + part);
  return empty === null ? 'none' : `${empty}:empty`;
};

/**
 * The files of a journal that is open. SQLite goes on writing to a `-wal` that was removed, and nobody else ever sees
 * it; with another `-shm` two processes do not know of each other. What was cut below its header is as good as removed.
 */
export const journalIdentity = (file: string): string =>
  ['', '-wal', '-shm'].map((part) => partOf(file, part)).join(' ');

/**
 * Another file was laid in the place of one that was in use, and the `-wal` and `-shm` of that one still stand beside it: SQLite would
 * read them as its own, and the journal would be a mixture of both.
 *
 * @param parts of the file that was in use.
 */
const dropParts = (file: string, parts: string): void => {
  const [main, wal, shm] = parts.split(' ');
  const there = identityOf(file);
  if (there === null || there === main) return;
  for (const [part, known] of [
    [`${file}-wal`, wal],
    [`${file}-shm`, shm],
  ] as const)
    if (identityOf(part) !== null && identityOf(part) === known) unlinkSync(part);
};

/** Knows which file stands under the path of a journal, and which one is in use. */
export const createWhichFile = (file: string) => {
  /** Of the file when it was opened, and of its parts. */
  let opened: string | null = null;
  let parts = '';
  let removed: { readonly keptAs: string | null } | null = null;
  let isAnother = false;

  return {
    opened: () => opened,
    /** The file that is in use is the one that stands there. */
    isSame: () => journalIdentity(file) === parts,
    /** The log of the file that is in use is not where it was: what it holds has to be saved. */
    lostLog: () => partOf(file, '-wal') !== parts.split(' ')[1],
    /** What its log held could not be saved. */
    logIsLost: () => {
      removed = { keptAs: null };
    },
    dropParts: () => dropParts(file, parts),
    /** It is to be opened: notes what stands there now. */
    opening: () => {
      // An inode that became free is given to the next file: whether it is the same one cannot be told.
      isAnother ||= opened !== null;
      const there = identityOf(file);
      if (opened !== null && there !== opened) removed = { keptAs: movedTo(file, opened) };
      opened = there;
    },
    /** It is open. */
    inUse: () => {
      opened = identityOf(file);
      parts = journalIdentity(file);
    },
    /** A transaction has landed: the first write makes the parts. */
    landed: () => {
      isAnother = false;
      if (/none|:empty/.test(parts)) parts = journalIdentity(file);
    },
    /** It may be another file than the one in which the last transaction landed. */
    isAnother: () => isAnother,
    /** The file was moved away: the next one is known to be another. */
    movedAway: () => {
      opened = null;
      isAnother = true;
    },
    /** Once: the file was removed, or replaced, while it was in use. `keptAs`: where a person has set it aside; `null`: it is not there. */
    takeRemoved: (): { readonly keptAs: string | null } | null => {
      const taken = removed;
      removed = null;
      return taken;
    },
  };
};
