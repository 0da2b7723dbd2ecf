import type { Time } from '../time.ts';
import { user } from './processes.ts';

/** The status file of one bot. */
export type StatusFile = ReturnType<typeof createStatusFile>;

/** A writer that truncates has written the rest after so long, in ms. */
const tornForMs = 4;

export const createStatusFile = (path: string, time: Time) => {
  let content: { readonly text: string; readonly mtimeMs: number } | null = null;
  let isFolder = false;
  let [backup, backupAt, writes] = ['', 0, 0];
  let copiedFrom: number | null = null;
  let losesEvents = false;
  /** Why nothing can be written; `null`: it can. */
  let trouble: string | null = null;
  const watchers = new Set<() => void>();
  const changed = () => {
    if (!losesEvents) for (const watcher of [...watchers]) watcher();
  };
  const put = (text: string | null, mtimeMs = time.wall()) => {
    content = text === null ? null : { text, mtimeMs };
    changed();
  };
  return {
    path,
    content: () => content,
    isFolder: () => isFolder,
    facts: () => (content === null ? null : { mtimeMs: content.mtimeMs, uid: user }),
    trouble: () => trouble,
    watch: (watcher: () => void) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    /** A beat. False: it did not land. */
    write: (text: string, truncates: boolean): boolean => {
      if (trouble !== null || isFolder) return false;
      if (truncates) {
        put(text.slice(0, Math.floor(text.length / 3)));
        time.after(tornForMs, () => {
          if (!isFolder) put(text);
        });
      } else put(text);
      // A backup is made now and then.
      if (writes % 8 === 0) [backup, backupAt] = [text, time.mono()];
      writes += 1;
      return true;
    },
    remove: () => put(null),
    /** It is cut short and stays so until the next beat. */
    tear: () => {
      if (content !== null) put(content.text.slice(0, Math.floor(content.text.length / 2)));
    },
    empty: () => {
      if (content !== null) put('');
    },
    noise: () => put('\u0000\u0001 not a status file'),
    restore: () => {
      if (isFolder) return;
      copiedFrom = backupAt;
      put(backup);
    },
    /** When that was written which was put back last, on the clock that never jumps; `null`: nothing was. */
    copiedFrom: () => copiedFrom,
    /** The same content with a new time. */
    touch: () => {
      if (content !== null) put(content.text);
    },
    becomeFolder: (is: boolean) => {
      if (is === isFolder) return;
      isFolder = is;
      put(null);
    },
    fail: (code: string | null) => {
      trouble = code;
    },
    loseEvents: (loses: boolean) => {
      losesEvents = loses;
    },
  };
};
