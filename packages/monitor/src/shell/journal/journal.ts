import type { Store } from '@sentinel/history';
import { createBeginning } from './before.ts';
import { commandsOn } from './commands.ts';
import { leftOn } from './left.ts';
import { createNewest } from './newest.ts';
import type { Parts } from './parts.ts';
import { processNotesOn } from './process-notes.ts';
import { sightsOn } from './sights.ts';
import { stepsOn } from './steps.ts';
import { watchNotesOn } from './watch-notes.ts';

export type Journal = ReturnType<typeof openJournal>;

/**
 * What one monitor writes, and reads back after its own restart. Nothing here throws: watching goes on.
 *
 * @param monitor a name of this monitor that its next start has too.
 */
export const openJournal = (
  store: Store,
  monitor: string,
  wall: () => number,
  warn: (line: string) => void = () => {},
) => {
  const newest = createNewest(monitor);
  const beginning = createBeginning(store);
  const parts: Parts = { store, monitor, newest, beginning, wall };
  const left = leftOn(parts);
  const supervision = watchNotesOn(parts);
  const leave = store.attend({ before: left.readLate, after: newest.fill });
  return {
    /** Reads what was left of these bots, at once. @param begin takes it up, bot by bot. */
    reading: <T>(bots: readonly string[], begin: () => T): T => {
      beginning.read(bots);
      try {
        return begin();
      } finally {
        beginning.over();
      }
    },
    load: left.load,
    isOfAnother: left.isOfAnother,
    ...stepsOn(parts),
    ...sightsOn(parts),
    ...commandsOn(parts, warn),
    ...processNotesOn(parts, left.isKnown),
    ...supervision,
    ended: (at: number): void => {
      supervision.ended(at);
      leave();
    },
  };
};
