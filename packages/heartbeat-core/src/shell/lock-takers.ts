import { readFileSync, type Stats, statSync } from 'node:fs';
import { oneLine } from '../core/printable.ts';
import { unlessRefused } from './system-error.ts';

/** A process that holds a lock on a file. */
type LockTaker = {
  readonly pid: number;
  /** It, its program and its user, in words. */
  readonly words: string;
};

/** A line of `/proc/locks`, and none of a process that waits: its number, the file's device and inode, and the bytes. */
const entry = /^\d+: \w+ +\w+ +\w+ +(\d+) (\w+:\w+:\d+) (\d+) (\w+)$/gm;

const hex = (number: number) => number.toString(16).padStart(2, '0');

const placeOf = ({ dev, ino }: Stats) =>
  `${hex((dev >>> 8) & 0xfff)}:${hex((dev & 0xff) | ((dev >>> 12) & 0xfff00))}:${ino}`;

const wordsOf = (pid: number): string => {
  const program = unlessRefused(() => oneLine(readFileSync(`/proc/${pid}/comm`, 'utf8')), 'unknown');
  const user = unlessRefused<number | string>(() => statSync(`/proc/${pid}`).uid, 'unknown');
  return `process ${pid} (${program}, of user ${user})`;
};

/**
 * The processes that hold a lock on a file, as the kernel of Linux lists them. Not those of another container, and on some
 * disks none: an empty list says nothing.
 *
 * @param byte only locks that cover it.
 */
export const lockTakers = (file: string, byte?: number): readonly LockTaker[] =>
  unlessRefused(() => {
    const place = placeOf(statSync(file));
    return [...readFileSync('/proc/locks', 'utf8').matchAll(entry)]
      .filter(([, , at, from, to]) => {
        const isOn = byte === undefined || (Number(from) <= byte && (to === 'EOF' || byte <= Number(to)));
        return at === place && isOn;
      })
      .map(([, pid]) => ({ pid: Number(pid), words: wordsOf(Number(pid)) }));
  }, []);
