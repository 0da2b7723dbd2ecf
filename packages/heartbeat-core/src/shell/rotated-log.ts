import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { unlessRefused } from './system-error.ts';

/** `bot.log.1`, `bot.log-20260615.gz`: as logrotate and logging libraries name what they have set aside. */
const numbered = /^[._-](?:\d[\d.:T_-]*|old)(\.(?:gz|bz2|xz|zst))?$/;
/** `bot.2026-06-15.log`. A `bot-2.log` is the log of another bot. */
const dated = /^[._-]\d{4}[\d.:T_-]*(\.(?:gz|bz2|xz|zst))?$/;

/**
 * Where the last lines of a log are that was rotated a moment ago, and is empty or not there yet: the file beside it that was
 * written last; `null`: there is none. `packed`: only its time can be read.
 */
export const rotatedLog = (file: string): { readonly file: string; readonly packed: boolean } | null => {
  const folder = dirname(file);
  const base = basename(file);
  const end = extname(base);
  const stem = basename(base, end);
  const aside = (name: string) => {
    if (name.startsWith(base)) return numbered.exec(name.slice(base.length));
    return name.startsWith(stem) ? dated.exec(name.slice(stem.length).replace(end, '')) : null;
  };
  const found = unlessRefused(() => readdirSync(folder), []).flatMap((name) => {
    const match = aside(name);
    const path = join(folder, name);
    const stats = match === null ? undefined : statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? [{ file: path, packed: match?.[1] !== undefined, at: stats.mtimeMs }] : [];
  });
  return found.toSorted((one, other) => other.at - one.at)[0] ?? null;
};
