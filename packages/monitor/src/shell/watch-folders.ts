import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export type FolderWatch = {
  readonly add: (file: string, wake: () => void) => void;
  readonly remove: (file: string) => void;
  /** Watches folders that have appeared, or were replaced, since. To be called now and then. */
  readonly ensure: () => void;
  readonly close: () => void;
};

type Folder = { readonly files: Map<string, () => void>; watcher: FSWatcher | undefined; inode: number };

/**
 * Wakes whoever waits for a change of a file. Folders are watched, not files: a file that is replaced by rename is
 * another file. One watcher for a folder, however many files of it are looked at.
 */
export const watchFolders = (): FolderWatch => {
  const folders = new Map<string, Folder>();

  const release = (folder: Folder) => {
    folder.watcher?.close();
    folder.watcher = undefined;
    folder.inode = -1;
  };

  const wakeAll = (folder: Folder) => {
    for (const wake of folder.files.values()) wake();
  };

  const ensure = (path: string, folder: Folder) => {
    try {
      const inode = statSync(path, { throwIfNoEntry: false })?.ino ?? -1;
      if (inode === folder.inode) return;
      release(folder);
      // A folder that has gone took the files with it, and no event tells of that.
      if (inode === -1) return wakeAll(folder);
      folder.watcher = watch(path, (_event, name) => {
        if (name === null) wakeAll(folder);
        else folder.files.get(name)?.();
      });
      folder.inode = inode;
      folder.watcher.on('error', () => release(folder));
      wakeAll(folder);
    } catch {
      // No permission, or no watches left on this machine: looking at every interval goes on.
    }
  };

  return {
    add: (file, wake) => {
      const path = dirname(file);
      const folder = folders.get(path) ?? { files: new Map(), watcher: undefined, inode: -1 };
      folders.set(path, folder);
      folder.files.set(basename(file), wake);
      if (folder.watcher === undefined) ensure(path, folder);
    },
    remove: (file) => {
      const path = dirname(file);
      const folder = folders.get(path);
      folder?.files.delete(basename(file));
      if (folder === undefined || folder.files.size > 0) return;
      release(folder);
      folders.delete(path);
    },
    ensure: () => {
      for (const [path, folder] of folders) ensure(path, folder);
    },
    close: () => {
      for (const folder of folders.values()) release(folder);
      folders.clear();
    },
  };
};
