import { isAmong, type KnownProcess, type Process } from '../custody/process.ts';
import type { Found } from './search.ts';

/**
 * What is left of them where a search has found these processes while the bot beats: those that live beside the new one.
 * Where nothing is found they are all that is known of the bot, and that they are gone is known by them.
 *
 * @param byPattern a person has said by which words the bot is known, and these have found it.
 */
export const leftOf = (
  earlier: readonly KnownProcess[],
  living: readonly Process[],
  matches: readonly Process[],
  byPattern: boolean,
): readonly KnownProcess[] => {
  if (matches.length === 0) return earlier;
  return byPattern ? [] : earlier.filter((each) => isAmong(each, living) && !isAmong(each, matches));
};

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
  const earlier = living.filter((process) => !isAmong(process, found.matches));
  const isBot = (found.matches ?? []).length === 0 && !byPattern;
  const unverified = found.unverified.filter(isNew);
  return {
    found: {
      ...found,
      unverified: isBot ? unverified : [...earlier, ...unverified],
      otherWords: found.otherWords.filter(isNew),
    },
    bots: isBot ? earlier : [],
  };
};
