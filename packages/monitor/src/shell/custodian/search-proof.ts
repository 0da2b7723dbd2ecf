import type { Memory } from '../../custody/memory.ts';
import type { Found } from './search.ts';

/** So many beats that come while nothing is found say that the search does not find the bot. */
const enough = 2;

/**
 * Whether the search for a bot's processes finds it while it beats.
 *
 * @param searched what is searched for: with another command or pattern nothing is known of the search.
 */
export const searchProof = (searched: string) => {
  /** When a scan last found nothing, and how many beats came after such a scan and were followed by another one. */
  let empty: { readonly up: number; readonly beats: number } | null = null;

  const learn = (
    before: Memory['scan']['search'],
    { matches, complete, failed }: Found,
    beatUp: number | null,
    now: number,
  ): Memory['scan']['search'] => {
    if (matches === null || failed) return before;
    if (matches.length > 0) {
      empty = null;
      return { of: searched, finds: true };
    }
    if (!complete) return before;
    const beats = (empty?.beats ?? 0) + (empty !== null && (beatUp ?? 0) > empty.up ? 1 : 0);
    empty = { up: now, beats };
    return beats >= enough ? { of: searched, finds: false } : before;
  };

  return {
    learn,
    /** As long as nothing is found each beat is looked at: a bot that beats and is not found is soon known. */
    wants: (beatUp: number | null): boolean =>
      empty !== null && empty.beats < enough && (beatUp ?? 0) > empty.up,
    /** A beat has come since a look at all processes found nothing: whatever beats is not found. */
    beatsUnfound: (): boolean => (empty?.beats ?? 0) > 0,
    known: (search: Memory['scan']['search']): 'finds' | 'blind' | 'open' | 'of-another' => {
      if (search === null) return 'open';
      if (search.of !== searched) return 'of-another';
      return search.finds ? 'finds' : 'blind';
    },
  };
};
export type SearchProof = ReturnType<typeof searchProof>;
