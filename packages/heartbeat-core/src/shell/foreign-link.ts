import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { unlessRefused } from './system-error.ts';

/** As many links as Linux follows. */
const mostLinks = 40;

/** Who made the links by which a path leads on. */
const makersOf = (path: string): readonly number[] => {
  const makers: number[] = [];
  const names = path.split('/');
  let at = '/';
  for (let name = names.shift(); name !== undefined && makers.length < mostLinks; name = names.shift()) {
    const next = join(at, name);
    const stats = lstatSync(next);
    if (stats.isSymbolicLink()) {
      const target = readlinkSync(next);
      makers.push(stats.uid);
      names.unshift(...target.split('/'));
      if (isAbsolute(target)) at = '/';
    } else at = next;
  }
  return makers;
};

/** By what path without links the kernel reached what is open, where it says so. */
const reachedBy = (descriptor: number): string | null =>
  process.platform === 'linux'
    ? unlessRefused(() => readlinkSync(`/proc/self/fd/${descriptor}`), null)
    : null;

/**
 * Whether a link of another user has led to a file of a third one: who made it need not be allowed to read that, and would be
 * shown it. Links of root and of this user count as theirs to make. Asked at each read, as links change between them: one call
 * of the system where no link led there, and one for each part of the path where one did.
 *
 * @param descriptor of what was opened, and its facts: the path may lead elsewhere by now.
 * @throws Error of the system where the path leads nowhere any more.
 */
export const isForeignLink = (
  file: string,
  descriptor: number,
  { uid }: Pick<Stats, 'uid'>,
  me = process.geteuid,
): boolean => {
  if (me === undefined) return false;
  const path = resolve(file);
  if (reachedBy(descriptor) === path) return false;
  const mine = me();
  const isOthers = (maker: number) => maker !== 0 && maker !== mine && maker !== uid;
  return makersOf(path).some(isOthers) || statSync(path).uid !== uid;
};
