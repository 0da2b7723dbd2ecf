import { posix } from 'node:path';
import { interpreterOf } from './command-shape.ts';
import { runOf } from './entries.ts';
import type { Memory } from './memory.ts';
import { mentions } from './mentions.ts';
import { baseOf, type Place } from './place.ts';
import { isAmong, type Process } from './process.ts';
import type { Program } from './program.ts';

/*
 * Processes that may be the bot although nobody can see that they run its file: what is in doubt.
 */

/**
 * It has written a title over its words (`process.title`, `setproctitle`): which file it runs nobody can see any more. An
 * interpreter that runs nothing is called by its own name.
 */
export const isRenamed = ({ args, exe }: Pick<Process, 'args' | 'exe'>): boolean => {
  const [title = '', ...more] = args ?? [];
  if (title === '' || more.some((word) => word !== '')) return false;
  return interpreterOf(title) === null && exe !== null && interpreterOf(exe) !== null;
};

/** The `--bot-process` that finds a process with a title: of its words only those in front, since they may change. */
export const patternOfTitle = ({ args }: Pick<Process, 'args'>): string => {
  const [word = ''] = (args?.[0] ?? '').trim().split(/[\s:[(]/);
  return `^${word.replaceAll(/[.*+?^${}|\\/]/g, '\\$&')}`;
};

/**
 * The folder of the command is a link that leads to another release now (`current`): a process of the folder beside that
 * runs a file of this name was started by the link before.
 *
 * @param path the file that a process runs, links resolved.
 * @param wanted the file that the command runs, as it is written.
 */
export const isEarlierRelease = (path: string, wanted: string, { real }: Pick<Place, 'real'>): boolean => {
  const [folder, now] = [posix.dirname(wanted), real(wanted)];
  const isLink = real(folder) !== posix.join(real(posix.dirname(folder)), baseOf(folder));
  const isBeside = posix.dirname(posix.dirname(path)) === posix.dirname(posix.dirname(now));
  return isLink && isBeside && baseOf(path) === baseOf(now);
};

/** Whether a process was taken for the bot only since nobody can see by its words that it is another one. */
const isLookalike = (process: Process, { shape, folder, real }: Program): boolean => {
  if (isRenamed(process)) return true;
  const run = runOf(process);
  if (shape.kind !== 'script' || run === null || !('script' in run) || process.folder === null) return false;
  const path = real(posix.resolve(process.folder, run.script));
  return isEarlierRelease(path, posix.resolve(folder, shape.script), { real });
};

type Searched = {
  readonly matches: readonly Process[] | null;
  readonly unverified: readonly Process[];
  readonly beside?: readonly Process[];
};

/**
 * What a search has found, without those that are in doubt no more: one that was found while the bot beat is what it was.
 * Where the bot is known by its words or by its beats, one whose words nobody can see is another program; and so it is where
 * nothing has ever beaten. One that names the bot's program is that only beside a process that is known to be the bot:
 * what was known before may be such a one by now.
 */
export const withoutLookalikes = <Found extends Searched>(
  found: Found,
  memory: Pick<Memory, 'last' | 'scan'> | null,
  program: Program,
): Found => {
  const { search = null, programs = [] } = memory?.scan ?? {};
  const isFound = (found.matches ?? []).length > 0;
  const isKnown = memory === null || memory.last.known !== null || search !== null || isFound;
  const isNamed = isFound || memory === null || memory.last.record.pid !== undefined;
  const beside = isNamed
    ? []
    : (found.beside ?? []).filter((each) => (mentions(each, program) ? !isAmong(each, programs) : !isKnown));
  const unverified = [...found.unverified, ...beside].filter(
    (each) => !(isKnown && isRenamed(each)) && !(isAmong(each, programs) && isLookalike(each, program)),
  );
  return { ...found, unverified };
};
