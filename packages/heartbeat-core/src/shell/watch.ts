import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { ParseOptions } from '../core/parse.ts';
import type { Reading } from '../core/reading.ts';
import { readHeartbeat } from './read.ts';
import { resolveFile } from './resolve-file.ts';
import { isSystemError, unlessRefused } from './system-error.ts';

/** How a status file is watched. */
export type WatchOptions = ParseOptions & {
  /** Ends the watching: the iteration finishes without an error. */
  readonly signal?: AbortSignal;
  /**
   * The longest time between two looks, in ms, for disks that announce no changes.
   * @default 1000
   */
  readonly pollMs?: number;
};

/**
 * Readings of a status file as they change, the present one first. Two equal readings in a row are one. Changes are
 * seen through the file's folder, which need not exist yet. A slow consumer gets the newest reading, not a backlog.
 * Ends with the signal, or when the loop is left.
 *
 * @throws RangeError when `pollMs` is no positive number, or `timeZone` no time zone.
 * @example
 * for await (const reading of watchHeartbeat('logs/heartbeat_status.txt', { signal }))
 *   console.log(explainHealth(judge(reading, null, defaultHealthPolicy, null, Date.now())));
 */
export async function* watchHeartbeat(
  file: string,
  { signal, pollMs = 1000, timeZone }: WatchOptions = {},
): AsyncGenerator<Reading, void, undefined> {
  if (!(pollMs > 0))
    throw new RangeError(`Expected \`pollMs\` to be a positive number of milliseconds, got ${pollMs}`);
  const bell = createBell();
  const folder = watchFolder(file, bell.ring);
  signal?.addEventListener('abort', bell.ring);
  try {
    let last: string | undefined;
    while (!signal?.aborted) {
      folder.ensure();
      bell.silence();
      const reading = await readHeartbeat(file, { timeZone });
      const text = JSON.stringify(reading);
      if (signal?.aborted) return;
      if (text !== last) {
        last = text;
        yield reading;
      } else await bell.heard(pollMs);
    }
  } finally {
    signal?.removeEventListener('abort', bell.ring);
    folder.close();
  }
}

/** Rung by events; whoever waits for it goes on when it rings, or when the time is up. */
const createBell = () => {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    silence: () => {
      rung = false;
    },
    heard: (ms: number) =>
      new Promise<void>((resolve) => {
        if (rung) return resolve();
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
};

/** Watches the folder, which outlives every rename of the file; where the file is a link, also that where it lies. */
const watchFolder = (file: string, onEvent: () => void) => {
  const near = watchPlace(onEvent);
  const far = watchPlace(onEvent);
  return {
    ensure: () => {
      near.ensure(file);
      const target = resolveFile(file);
      // A folder that is a link is followed by the system.
      far.ensure(
        basename(target) === basename(file) && isSame(dirname(target), dirname(file)) ? null : target,
      );
    },
    close: () => {
      near.close();
      far.close();
    },
  };
};

const identityOf = (folder: string): string | null => {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
};

const isSame = (one: string, other: string): boolean =>
  unlessRefused(() => identityOf(one) === identityOf(other), false);

/** Watches the folder of a file, which may be another one from time to time; anew when it was made or replaced since. */
const watchPlace = (onEvent: () => void) => {
  let watcher: FSWatcher | undefined;
  let watched: string | null = null;
  const close = () => {
    watcher?.close();
    watcher = undefined;
  };
  const ensure = (file: string | null) => {
    if (file === null) return close();
    const folder = dirname(file);
    try {
      const identity = identityOf(folder);
      const present = identity === null ? null : `${identity} ${file}`;
      if (watcher !== undefined && present === watched) return;
      close();
      if (present === null) return;
      watched = present;
      watcher = watch(folder, (_event, name) => {
        if (name === null || name === basename(file)) onEvent();
        // About the folder itself: it was moved, removed or unmounted, and what stands there now may have its number.
        if (name === basename(folder)) close();
      });
      watcher.on('error', close);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // No permission, or no watches left on this machine: looking every `pollMs` goes on.
    }
  };
  return { ensure, close };
};
