import { InstanceHeldError } from '@sentinel/heartbeat-core';
import type { Files } from '@sentinel/monitor';
import type { StatusFile } from '../world/status-file.ts';

/** Who watches which file: one lock a file, which the system gives back when its holder is gone. */
export type Locks = Map<string, { readonly isDead: () => boolean }>;

/** What the monitor asks of files, of simulated ones. */
export const filesOf = (
  files: ReadonlyMap<string, StatusFile>,
  locks: Locks,
  self: { readonly isDead: () => boolean },
  canStart: () => boolean,
): Files => ({
  factsOf: (path) => files.get(path)?.facts() ?? null,
  troubleOf: (path) => files.get(path)?.trouble() ?? null,
  canStart,
  real: (path) => path,
  exists: (path) => files.get(path)?.facts() !== null,
  isExecutable: () => false,
  holdsBeat: (path) => files.has(path),
  script: () => null,
  lastLines: () => '',
  mountsOf: () => null,
  sharesMounts: () => true,
  reaches: () => true,
  together: (work) => work(),
  lock: (path) => {
    const holder = locks.get(path);
    if (holder !== undefined && holder !== self && !holder.isDead()) throw new InstanceHeldError(path, null);
    locks.set(path, self);
    return {
      file: path,
      keep: () => {},
      release: () => {
        if (locks.get(path) === self) locks.delete(path);
      },
    };
  },
  foreign: () => null,
});
