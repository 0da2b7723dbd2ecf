import type { ProgramFacts } from '../../custody/custody.ts';
import type { Memory } from '../../custody/memory.ts';
import type { Found } from './search.ts';

/** So many beats that come while nothing is found say that the search does not find the bot. */
const enough = 2;

/** Whether the search for a bot's processes finds it while it beats. */
export class SearchProof {
  private readonly searched: string;
  /** When a scan last found nothing, and how many beats came after such a scan and were followed by another one. */
  private empty: { readonly up: number; readonly beats: number } | null = null;
  /** The last scan has found a process. */
  private hasFound = false;

  /** @param searched what is searched for: with another command or pattern nothing is known of the search. */
  constructor(searched: string) {
    this.searched = searched;
  }

  learn(
    before: Memory['scan']['search'],
    { matches, complete, failed }: Found,
    beatUp: number | null,
    now: number,
  ): Memory['scan']['search'] {
    const { empty, searched } = this;
    if (matches === null || failed) return before;
    this.hasFound = matches.length > 0;
    if (this.hasFound) {
      this.empty = null;
      return { of: searched, finds: true };
    }
    const beats = (empty?.beats ?? 0) + (empty !== null && (beatUp ?? 0) > empty.up ? 1 : 0);
    this.empty = { up: now, beats };
    return complete && beats >= enough ? { of: searched, finds: false } : before;
  }

  /** As long as nothing is found each beat is looked at: a bot that beats and is not found is soon known. */
  wants(beatUp: number | null): boolean {
    return this.empty !== null && this.empty.beats < enough && (beatUp ?? 0) > this.empty.up;
  }

  /**
   * Beats have come since a look at all processes found nothing: whatever beats is not found. The first of them may have
   * been written before that look, and read behind it.
   */
  beatsUnfound(): boolean {
    return (this.empty?.beats ?? 0) >= enough;
  }

  /**
   * What is known of this search. Once the bot has beaten while this monitor watched, that the last search found nothing says
   * nothing, also where an earlier one is known to find the bot.
   */
  known(search: Memory['scan']['search'], beatUp: number | null): ProgramFacts['search'] {
    if (search !== null && search.of !== this.searched) return 'of-another';
    if (search?.finds === false) return 'blind';
    if (beatUp !== null && !this.hasFound) return 'not-yet';
    return search === null ? 'open' : 'finds';
  }
}
