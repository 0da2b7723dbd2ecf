import type { Records } from './record.ts';

/** A change of the journal. It is run once more with each try to land it. */
export type Write = (records: Records) => void;

export type WriteOptions = {
  /** How long it may wait for others, to land in one transaction with them, in ms. Default: 0, to the end of this turn of the loop. */
  readonly withinMs?: number;
  /** It is given up after all that is not lasting. Default: false. */
  readonly lasting?: boolean;
  /** It is on the disk. */
  readonly onLanded?: () => void;
  /** It is given up: the transaction that it was part of was taken back, too much waits, or it is a fault of the program. */
  readonly onLost?: () => void;
};

type Entry = Omit<WriteOptions, 'withinMs'> & { readonly write: Write };

/** So many writes wait for a journal that takes nothing. */
const mostWaiting = 20_000;

export const createWriteQueue = () => {
  let entries: Entry[] = [];
  /** Within a transaction: how many were carried out, and the one that is. */
  let isRunning = false;
  let done = 0;
  let current: Entry | null = null;
  let isWhole = true;

  const lose = (isSpare: (entry: Entry, index: number) => boolean) => {
    const lost = entries.filter(isSpare);
    entries = entries.filter((entry, index) => !isSpare(entry, index));
    if (lost.length === 0) return;
    isWhole = false;
    for (const { onLost } of lost) onLost?.();
  };

  return {
    size: () => entries.length,
    /** False: something was given up that the journal should have. */
    isWhole: () => isWhole,
    add: (entry: Entry): void => {
      entries.push(entry);
      if (isRunning || entries.length <= mostWaiting) return;
      const half = entries.length / 2;
      lose(({ lasting }, index) => lasting !== true && index < half);
      if (entries.length > mostWaiting) lose((_, index) => index === 0);
    },
    /** Carries all of it out, and what it adds itself. */
    run: (records: Records): void => {
      isRunning = true;
      for (done = 0; done < entries.length; done += 1) {
        current = entries[done] ?? null;
        current?.write(records);
      }
      current = null;
    },
    /** What was carried out is on the disk. Gives what is to be called then. */
    landed: (): readonly (() => void)[] => {
      const landed = entries.splice(0, done);
      isRunning = false;
      done = 0;
      isWhole = true;
      return landed.flatMap(({ onLanded }) => onLanded ?? []);
    },
    /** The transaction was taken back. With `faulty` the entry that it broke off at is given up: it would hold up all behind it. */
    takenBack: (faulty: boolean): boolean => {
      const broken = current;
      current = null;
      isRunning = false;
      done = 0;
      if (!faulty || broken === null) return false;
      lose((entry) => entry === broken);
      return true;
    },
  };
};
