import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { basename, dirname } from 'node:path';
import { explainWatchFailure } from '../core/watch-failure.ts';
import { identityOf } from './file-identity.ts';
import { isLink, resolveFile } from './resolve-file.ts';
import { isSystemError } from './system-error.ts';

type FolderWatch = {
  /** Gives what ends it. */
  readonly add: (file: string, wake: () => void) => () => void;
  /** Watches folders that have appeared, or were replaced, since. To be called now and then. */
  readonly ensure: () => void;
  readonly close: () => void;
};

/** Tells of each change in a folder, with the name of the file where the system says it. */
type WatchFolder = (
  path: string,
  options: { readonly persistent: boolean },
  changed: (event: string, name: string | null) => void,
) => FSWatcher;

type Folder = {
  /** Whom a change of a file wakes, by its name in the folder. */
  readonly files: Map<string, readonly Watched[]>;
  watcher: FSWatcher | undefined;
  /** Which folder is watched; another one may stand there later, or another disk. */
  identity: string | null;
};
/** A file that is looked for, and where it lies if that is a link. */
type Watched = { readonly file: string; readonly changed: () => void; target: string | null };

const release = (folder: Folder) => {
  folder.watcher?.close();
  folder.watcher = undefined;
  folder.identity = null;
};

/** Sees to it that the folder is watched which stands at a path now. */
const createLook = (
  warn: (line: string) => void,
  persistent: boolean,
  watch: WatchFolder,
  wake: (entry: Watched) => void,
) => {
  let warned = false;
  const wakeAll = ({ files }: Folder) => {
    for (const entries of files.values()) for (const entry of entries) wake(entry);
  };

  /** Once: what is left over is the same for every folder. */
  const complain = (code: string, path: string) => {
    const line = explainWatchFailure(code, path);
    if (line === null || warned) return;
    warned = true;
    warn(line);
  };

  const watcherOf = (path: string, folder: Folder) =>
    watch(path, { persistent }, (_event, name) => {
      if (name === basename(path)) {
        // The folder itself was moved, removed or unmounted, and what stands there now may have its number.
        release(folder);
        wakeAll(folder);
      } else if (name === null) wakeAll(folder);
      else for (const entry of folder.files.get(name) ?? []) wake(entry);
    });

  return (path: string, folder: Folder) => {
    try {
      const identity = identityOf(path);
      if (identity === folder.identity) return;
      release(folder);
      // A folder that has gone took the files with it, and no event tells of that.
      if (identity === null) return wakeAll(folder);
      folder.watcher = watcherOf(path, folder);
      folder.identity = identity;
      folder.watcher.on('error', () => release(folder));
      wakeAll(folder);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // No permission, or no watches left on this machine: looking at every deadline goes on.
      complain(error.code, path);
    }
  };
};

/** The folders that are watched, and whom a change of each file wakes. */
const createFolders = (
  warn: (line: string) => void,
  persistent: boolean,
  watch: WatchFolder,
  wake: (entry: Watched) => void,
) => {
  const folders = new Map<string, Folder>();
  const look = createLook(warn, persistent, watch, wake);

  return {
    listen: (file: string, entry: Watched): void => {
      const path = dirname(file);
      const folder = folders.get(path) ?? { files: new Map(), watcher: undefined, identity: null };
      folders.set(path, folder);
      const others = folder.files.get(basename(file)) ?? [];
      folder.files.set(basename(file), [...others, entry]);
      if (folder.watcher === undefined) look(path, folder);
    },
    ignore: (file: string, entry: Watched): void => {
      const path = dirname(file);
      const folder = folders.get(path);
      const left = folder?.files.get(basename(file))?.filter((each) => each !== entry) ?? [];
      if (left.length === 0) folder?.files.delete(basename(file));
      else folder?.files.set(basename(file), left);
      if (folder === undefined || folder.files.size > 0) return;
      release(folder);
      folders.delete(path);
    },
    ensure: (): void => {
      for (const [path, folder] of [...folders]) look(path, folder);
    },
    close: (): void => {
      for (const folder of folders.values()) release(folder);
      folders.clear();
    },
  };
};

/**
 * Wakes whoever waits for a change of a file. Folders are watched, not files: a file that is replaced by rename is
 * another file. One watcher for a folder, however many files of it are looked at. A file behind a link is watched in
 * both places.
 *
 * @param persistent whether watching keeps the process alive.
 * @param watch Default: that of this system.
 */
export const watchFolders = (
  warn: (line: string) => void,
  persistent = true,
  watch: WatchFolder = watchFolder,
): FolderWatch => {
  const watched = new Set<Watched>();

  /** Watches where the file lies now: a link may be set anew. */
  const follow = (entry: Watched) => {
    const target = isLink(entry.file) ? resolveFile(entry.file) : null;
    if (target === entry.target) return;
    if (entry.target !== null) ignore(entry.target, entry);
    entry.target = target;
    if (target !== null) listen(target, entry);
  };
  const { listen, ignore, ensure, close } = createFolders(warn, persistent, watch, (entry) => {
    // Another of the same change may have taken it away.
    if (!watched.has(entry)) return;
    follow(entry);
    entry.changed();
  });

  return {
    add: (file, changed) => {
      const entry: Watched = { file, changed, target: null };
      watched.add(entry);
      listen(file, entry);
      follow(entry);
      return () => {
        if (!watched.delete(entry)) return;
        ignore(file, entry);
        if (entry.target !== null) ignore(entry.target, entry);
      };
    },
    ensure: () => {
      // The links of a chain lie in folders that nobody watches.
      for (const entry of watched) if (entry.target !== null) follow(entry);
      ensure();
    },
    close: () => {
      close();
      watched.clear();
    },
  };
};
