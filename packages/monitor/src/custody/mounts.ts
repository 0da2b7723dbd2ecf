import { posix } from 'node:path';

/**
 * What a process can see of the status file. `same`: that file, and those beside it, by the same paths. `reached`: that file by
 * the same path, and maybe other files beside it. `apart`: nothing of it, so that it is not the bot. `other`: it may have another
 * path there. `unknown`: the system does not say.
 */
export type View = 'same' | 'reached' | 'apart' | 'other' | 'unknown';

type Mount = { readonly device: string; readonly root: string; readonly point: string };

const plain = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** Fields 3 to 5 of a line: proc_pid_mountinfo(5). */
const mountsOf = (text: string): readonly Mount[] =>
  text.split('\n').flatMap((line) => {
    const [, , device, root, point] = line.split(' ');
    if (device === undefined || root === undefined || point === undefined) return [];
    return [{ device, root: plain(root), point: plain(point) }];
  });

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** The mount that covers a path: the innermost, and of those the last. */
const covering = (mounts: readonly Mount[], path: string): Mount | undefined =>
  mounts.reduce<Mount | undefined>(
    (best, mount) =>
      isWithin(path, mount.point) && mount.point.length >= (best?.point.length ?? 0) ? mount : best,
    undefined,
  );

const isSame = (a: Mount, b: Mount): boolean =>
  a.device === b.device && a.root === b.root && a.point === b.point;

/**
 * @param own the mounts of the monitor, as in /proc/self/mountinfo.
 * @param theirs those of the process.
 * @param file the status file, links resolved: one that is mounted by itself counts, too.
 */
export const compareMounts = (own: string, theirs: string, file: string): 'same' | 'apart' | 'other' => {
  const [mine, other] = [mountsOf(own), mountsOf(theirs)];
  const mount = covering(mine, file);
  // The root of a process that was put into a folder need not be a mount: what lies below it is not listed then.
  if (mount === undefined || covering(other, '/') === undefined) return 'other';
  const path = posix.join(mount.root, posix.relative(mount.point, file));
  // What another mount lies upon cannot be seen.
  const isSeen = (each: Mount): boolean =>
    covering(
      other,
      posix.join(each.point, isWithin(path, each.root) ? posix.relative(each.root, path) : ''),
    ) === each;
  const reaching = other.filter(
    (each) =>
      each.device === mount.device &&
      (isWithin(path, each.root) || isWithin(each.root, path)) &&
      isSeen(each),
  );
  if (reaching.length === 0) return 'apart';
  return reaching.every((each) => mine.some((known) => isSame(known, each))) ? 'same' : 'other';
};
