import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

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

/**
 * Whether a link of another user has led to a file of a third one: who made it need not be allowed to read that, and would be
 * shown it. Links of root and of this user count as theirs to make.
 *
 * @param stats of what was opened: the path may lead elsewhere by now.
 * @throws Error of the system where the path leads nowhere any more.
 */
export const isForeignLink = (
  file: string,
  { uid }: Pick<Stats, 'uid'>,
  me = process.geteuid?.(),
): boolean => {
  if (me === undefined) return false;
  const path = resolve(file);
  const isOthers = (maker: number) => maker !== 0 && maker !== me && maker !== uid;
  return makersOf(path).some(isOthers) || statSync(path).uid !== uid;
};
