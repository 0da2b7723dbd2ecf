import { identityOf } from './file-identity.ts';
import { claimsOfOthers } from './lock-claims.ts';
import { InstanceHeldError, type LockHolder } from './lock-holder.ts';
import { unlessRefused } from './system-error.ts';

/** In a folder that this user may not enter nothing is told apart. */
export const identityUnlessRefused = (file: string) => unlessRefused(() => identityOf(file), null) ?? '';

/** What others hold is looked up once for the many files of one process, in ms. */
const lookedUpMs = 1000;
type Held = { readonly path: string; readonly holder: LockHolder };
let held = { at: Number.NEGATIVE_INFINITY, end: '', byIdentity: new Map<string, Held>() };

const heldByOthers = (end: string): ReadonlyMap<string, Held> => {
  const at = performance.now();
  if (held.end === end && at - held.at < lookedUpMs) return held.byIdentity;
  const files = claimsOfOthers().filter(({ path }) => path.startsWith('/') && path.endsWith(end));
  const known = files.map(({ path: claimed, holder }) => {
    const path = claimed.slice(0, -end.length);
    return [identityUnlessRefused(path), { path, holder }] as const;
  });
  held = { at, end, byIdentity: new Map(known.filter(([identity]) => identity !== '')) };
  return held.byIdentity;
};

/** A hard link, and a mount of the single file, are the same file by another name. Nobody can tell on Windows. */
export const refuseSecondName = (lockFile: string, end: string) => {
  const own = lockFile.slice(0, -end.length);
  const identity = process.platform === 'win32' ? '' : identityUnlessRefused(own);
  const other = identity === '' ? undefined : heldByOthers(end).get(identity);
  // A writer that renames frees the number of its file with each beat, and the next new file may get it: the other one's from this
  // one, and this one's from the other.
  const isStill = (file: string) => identityUnlessRefused(file) === identity;
  if (other !== undefined && isStill(other.path) && isStill(own))
    throw new InstanceHeldError(`${other.path}${end}`, other.holder);
};
