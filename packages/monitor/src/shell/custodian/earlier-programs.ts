import { descendsFrom, parentsOf } from '../../custody/family.ts';
import { isAmong, type Kin, type KnownProcess, type Process } from '../../custody/process.ts';
import type { Found } from './search.ts';

/**
 * Those that the search had found while the bot beat, and does not find any more: the bot's folder was renamed or removed
 * under it, or it calls itself otherwise by now. It is what it was. What the bot has started is no bot of its own.
 *
 * @param seen those that were found before and live.
 */
export const unmatchedOf = (
  seen: readonly Process[],
  { matches, unverified }: Pick<Found, 'matches' | 'unverified'>,
  kin: readonly Kin[],
): readonly Process[] => {
  const left = seen.filter((each) => !isAmong(each, matches) && !isAmong(each, unverified));
  if (matches === null || left.length === 0) return [];
  const bots = new Set(matches.map(({ pid }) => pid));
  const parents = parentsOf(kin);
  return left.filter(({ pid }) => !descendsFrom(pid, bots, parents));
};

/**
 * What is left of them where a search has found these processes while the bot beats: those that live beside the new one.
 * Where nothing is found they are all that is known of the bot, and that they are gone is known by them.
 *
 * @param living those of them that live, and those that the search finds no longer.
 *
 * @param byPattern a person has said by which words the bot is known, and these have found it.
 */
export const leftOf = (
  earlier: readonly KnownProcess[],
  living: readonly Process[],
  matches: readonly Process[],
  byPattern: boolean,
): readonly KnownProcess[] => {
  const marked = living.map(({ pid, mark }) => ({ pid, mark }));
  if (matches.length === 0) return [...earlier, ...marked.filter((each) => !isAmong(each, earlier))];
  return byPattern ? [] : marked.filter((each) => !isAmong(each, matches));
};

/** Beside one that has the environment of the command, one with another environment is another bot. */
export const ofThisBot = (living: readonly Process[], found: Found): readonly Process[] =>
  (found.matches ?? []).length === 0
    ? living
    : living.filter((each) => !found.otherEnvironment?.some(({ process }) => process.pid === each.pid));

/**
 * Puts them beside what was found. Where nothing else is found they are the bot. Beside another one, or where a pattern
 * says that they are none, it is in doubt what they are.
 */
export const besideEarlier = (
  found: Found,
  living: readonly Process[],
  byPattern: boolean,
): { readonly found: Found; readonly bots: readonly Process[] } => {
  const isNew = (process: Process) => !isAmong(process, living);
  const earlier = ofThisBot(living, found).filter((process) => !isAmong(process, found.matches));
  const isBot = (found.matches ?? []).length === 0 && !byPattern;
  const unverified = found.unverified.filter(isNew);
  return {
    found: {
      ...found,
      unverified: isBot ? unverified : [...earlier, ...unverified],
      otherWords: found.otherWords.filter(isNew),
      otherEnvironment: (found.otherEnvironment ?? []).filter(({ process }) => isNew(process)),
    },
    bots: isBot ? earlier : [],
  };
};
