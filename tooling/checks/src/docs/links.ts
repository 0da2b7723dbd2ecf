import { posix } from 'node:path';
import { anchorsIn, type Link, linksIn } from './markdown.ts';
import type { Page } from './pages.ts';

// A folder of somebody's machine: it means nothing to anybody else.
const somebodysFolder = /(?:^|[\s"'`(=])((?:\/home|\/Users|C:\\Users)[\\/]\w+)/i;

/** What is wrong with the links of all pages. `exists` says whether a path from the root is there. */
export const findBrokenLinks = (pages: readonly Page[], exists: (path: string) => boolean): string[] => {
  const anchors = new Map(pages.map(({ path, text }) => [path, anchorsIn(text)]));
  return pages.flatMap(({ path, text }) => {
    const broken = linksIn(text).flatMap(({ target, line }) => {
      const problem = problemOf(path, { target, line }, anchors, exists);
      return problem === undefined ? [] : [`${path}:${line}: ${target} ${problem}`];
    });
    const folder = somebodysFolder.exec(text)?.[1];
    return folder === undefined ? broken : [...broken, `${path}: ${folder} is a folder of one machine`];
  });
};

const problemOf = (
  page: string,
  { target }: Link,
  anchors: ReadonlyMap<string, readonly string[]>,
  exists: (path: string) => boolean,
): string | undefined => {
  if (/^[a-z][a-z+.-]*:/i.test(target))
    return /^(?:https?|mailto):/.test(target) && URL.canParse(target)
      ? undefined
      : 'is no address of the web';
  if (target.startsWith('/')) return 'begins at the root of a machine: write it from this page';
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? page : posix.normalize(posix.join(posix.dirname(page), decodeURI(file)));
  if (path.startsWith('..')) return 'leads out of the repository';
  if (!exists(path)) return 'does not exist';
  if (anchor === undefined) return undefined;
  return anchors.get(path)?.includes(anchor) ? undefined : 'names no heading of that page';
};
