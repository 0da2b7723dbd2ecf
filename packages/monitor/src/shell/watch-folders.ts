import { type FSWatcher, lstatSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { explainWatchFailure, resolveFile } from '@sentinel/heartbeat-core';

export type FolderWatch = {
  readonly add: (file: string, wake: () => void) => void;
  readonly remove: (file: string) => void;
  /** Watches folders that have appeared, or were replaced, since. To be called now and then. */
  readonly ensure: () => void;
  readonly close: () => void;
};

type Folder = {
  readonly files: Map<string, Set<() => void>>;
  watcher: FSWatcher | undefined;
  /** Which folder is watched; another one may stand there later, or another disk. */
  identity: string | null;
};
/** A file that is looked for, and where it lies if that is a link. */
type Watched = { readonly wake: () => void; target: string | null };

const isLink = (file: string): boolean => {
  try {
    return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch (error) {
    // No permission, or a part of the path that is no folder: where it leads is not to be seen.
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    return false;
  }
};

const identityOf = (path: string): string | null => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
};

/**
 * Wakes whoever waits for a change of a file. Folders are watched, not files: a file that is replaced by rename is
 * another file. One watcher for a folder, however many files of it are looked at. A file behind a link is watched in
 * both places.
 */
export const watchFolders = (warn: (line: string) => void): FolderWatch => {
  const folders = new Map<string, Folder>();
  const watched = new Map<string, Watched>();
  let warned = false;

  const release = (folder: Folder) => {
    folder.watcher?.close();
    folder.watcher = undefined;
    folder.identity = null;
  };

  const wakeAll = (folder: Folder) => {
    for (const wakes of folder.files.values()) for (const wake of wakes) wake();
  };

  const ensure = (path: string, folder: Folder) => {
    try {
      const identity = identityOf(path);
      if (identity === folder.identity) return;
      release(folder);
      // A folder that has gone took the files with it, and no event tells of that.
      if (identity === null) return wakeAll(folder);
      folder.watcher = watch(path, (_event, name) => {
        if (name === basename(path)) {
          // The folder itself was moved, removed or unmounted, and what stands there now may have its number.
          release(folder);
          wakeAll(folder);
        } else if (name === null) wakeAll(folder);
        else for (const wake of folder.files.get(name) ?? []) wake();
      });
      folder.identity = identity;
      folder.watcher.on('error', () => release(folder));
      wakeAll(folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (typeof code !== 'string') throw error;
      // No permission, or no watches left on this machine: looking at every interval goes on.
      complain(code, path);
    }
  };

  /** Once: what is left over is the same for every folder. */
  const complain = (code: string, path: string) => {
    const line = explainWatchFailure(code, path);
    if (line === null || warned) return;
    warned = true;
    warn(line);
  };

  const listen = (file: string, wake: () => void) => {
    const path = dirname(file);
    const folder = folders.get(path) ?? { files: new Map(), watcher: undefined, identity: null };
    folders.set(path, folder);
    const wakes = folder.files.get(basename(file)) ?? new Set();
    folder.files.set(basename(file), wakes.add(wake));
    if (folder.watcher === undefined) ensure(path, folder);
  };

  const ignore = (file: string, wake: () => void) => {
    const path = dirname(file);
    const folder = folders.get(path);
    const wakes = folder?.files.get(basename(file));
    wakes?.delete(wake);
    if (wakes?.size === 0) folder?.files.delete(basename(file));
    if (folder === undefined || folder.files.size > 0) return;
    release(folder);
    folders.delete(path);
  };

  /** Watches where the file lies now: a link may be set anew. */
  const follow = (file: string, entry: Watched) => {
    const target = isLink(file) ? resolveFile(file) : null;
    if (target === entry.target) return;
    if (entry.target !== null) ignore(entry.target, entry.wake);
    entry.target = target;
    if (target !== null) listen(target, entry.wake);
  };

  return {
    add: (file, wake) => {
      const entry: Watched = {
        wake: () => {
          follow(file, entry);
          wake();
        },
        target: null,
      };
      watched.set(file, entry);
      listen(file, entry.wake);
      follow(file, entry);
    },
    remove: (file) => {
      const entry = watched.get(file);
      if (entry === undefined) return;
      watched.delete(file);
      ignore(file, entry.wake);
      if (entry.target !== null) ignore(entry.target, entry.wake);
    },
    ensure: () => {
      // The links of a chain lie in folders that nobody watches.
      for (const [file, entry] of watched) if (entry.target !== null) follow(file, entry);
      for (const [path, folder] of [...folders]) ensure(path, folder);
    },
    close: () => {
      for (const folder of folders.values()) release(folder);
      folders.clear();
      watched.clear();
    },
  };
};
