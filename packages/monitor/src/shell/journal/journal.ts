import type { Store } from '@sentinel/history';
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
  const parts: Parts = { store, monitor, newest, wall };
  const left = leftOn(parts);
  const supervision = watchNotesOn(parts);
  const leave = store.attend({ before: left.readLate, after: newest.fill });
  return {
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
