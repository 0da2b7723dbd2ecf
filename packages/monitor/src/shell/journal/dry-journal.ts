import type { Journal } from './journal.ts';

/**
 * The journal for a dry run of one bot. What is remembered under its name may be of another file, of a monitor that works
 * in earnest: then nothing of it is used, changed or closed, and nothing is written beside it.
 */
export const dryJournal = (journal: Journal, bot: string, file: string): Journal => {
  if (!journal.isOfAnother(bot, file)) return journal;
  return {
    ...journal,
    load: () => ({ known: true, state: undefined, lost: false, movedFrom: null, renamedFrom: null }),
    seen: () => {},
    stood: () => {},
    stall: () => null,
    ahead: () => null,
    supervised: () => {},
    forget: () => {},
    group: () => ({ load: () => null, save: () => true }),
    lastProcess: () => ({ isKnown: () => true, load: () => null, save: () => {} }),
    canNote: () => true,
  };
};
