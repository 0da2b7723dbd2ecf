import { posix } from 'node:path';
import type { View } from './mounts.ts';
import type { Process } from './process.ts';

/**
 * `unverified`: whether it is the bot cannot be known. `other-words`, `other-environment`: it may be another bot of the same
 * program. `at-home`: it beats where its program is, in a file of its own. `beside`: it runs in the bot's
 * folder, or names its program, and what it runs nobody can see.
 */
export type Match = 'yes' | 'unverified' | 'other-words' | 'other-environment' | 'at-home' | 'beside' | 'no';

export type Place = {
  /** Where the restart command is run: its relative paths begin there. */
  readonly folder: string;
  /** The status file of this bot. */
  readonly file: string;
  /** Follows links, as far as it can. */
  readonly real: (path: string) => string;
  readonly exists: (path: string) => boolean;
  /** A bot beats in this file, as far as its form tells. */
  readonly holdsBeat: (path: string) => boolean;
  /** What a process sees of the status file's folder. */
  readonly viewOf: (pid: number) => View;
};

export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const isBelow = (path: string, folder: string): boolean =>
  path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** The status file is in this folder, or in a folder of it. */
const holdsFile = (folder: string, { file, real }: Place): boolean => {
  const above = posix.dirname(real(file));
  const own = real(folder);
  return own !== '/' && (own === above || own === posix.dirname(above));
};

/** What the environment of a process says of the file that it writes. A program may name its variable as it likes. */
export const writesBy = ({ environment, folder }: Process, place: Place): 'this' | 'another' | 'unknown' => {
  let found: 'another' | 'unknown' = 'unknown';
  for (const [name, value] of Object.entries(environment ?? {})) {
    if (value === '' || value.length > 1024 || (folder === null && !posix.isAbsolute(value))) continue;
    if (name === 'PWD' || name === 'OLDPWD' || name === '_') continue;
    const path = posix.resolve(folder ?? '/', value);
    if (place.real(path) === place.real(place.file)) return 'this';
    if (name === 'HEARTBEAT_STATUS_FILE' || (/[./]/.test(value) && place.holdsBeat(path))) found = 'another';
  }
  return found;
};

/**
 * A program may serve several bots, each in a folder of its own. Whether a process of it is this one, as far as its
 * folder tells.
 *
 * @param path the file that it runs; `null`: not known.
 */
export const byFolder = (process: Process, path: string | null, place: Place): Match => {
  const { folder } = process;
  const own = place.real(place.folder);
  if (folder === null || place.real(folder) === own) return 'yes';
  if (path !== null && isBelow(path, own)) return 'yes';
  if (writesBy(process, place) === 'this') return 'yes';
  // One that has a status file where this one has its own, seen from its folder, writes that.
  const file = posix.relative(place.folder, place.file);
  if (!file.startsWith('..') && !posix.isAbsolute(file) && place.exists(posix.join(folder, file)))
    return 'no';
  return holdsFile(folder, place) ? 'yes' : 'other-words';
};

/** It runs in another folder, and a bot beats there in a file where this one has its own: it is another bot. */
export const beatsElsewhere = (process: Process, place: Place): boolean => {
  const { folder } = process;
  if (folder === null || place.real(folder) === place.real(place.folder)) return false;
  const writes = writesBy(process, place);
  if (writes !== 'unknown') return writes === 'another';
  const file = posix.relative(place.folder, place.file);
  if (file.startsWith('..') || posix.isAbsolute(file)) return false;
  const own = posix.join(folder, file);
  return place.real(own) !== place.real(place.file) && place.holdsBeat(own);
};

/** The folders of a machine's own programs: `sleep`, `cron` and the like are no bot. */
export const ofSystem = /^\/(?:usr\/)?s?bin\//;

/**
 * A process that shows by itself that it can be the bot: it is no program of the system, and it runs where the status
 * file is, or where the restart command runs, or its script is there.
 */
export const showsItself = (
  { args, exe, folder }: Process,
  isInterpreter: boolean,
  script: string | null,
  place: Place,
): boolean => {
  const [name = ''] = args ?? [];
  const program = exe ?? (posix.isAbsolute(name) ? name : null);
  if (!isInterpreter && (program === null || ofSystem.test(program))) return false;
  const own = place.real(place.folder);
  const isHere = (path: string) => holdsFile(path, place) || (own !== '/' && place.real(path) === own);
  if (folder !== null && isHere(folder)) return true;
  const path = script ?? program;
  if (path === null || (folder === null && !posix.isAbsolute(path))) return false;
  return isHere(posix.dirname(place.real(posix.resolve(folder ?? '/', path))));
};
