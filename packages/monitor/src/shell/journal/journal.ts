import type { Store } from '@sentinel/history';
import { type LeftJournal, leftOn } from './left.ts';
import { createNewest } from './newest.ts';
import { type OrderJournal, ordersOn } from './orders.ts';
import type { Parts } from './parts.ts';
import { type ProcessJournal, processNotesOn } from './process-notes.ts';
import { type SightJournal, sightsOn } from './sights.ts';
import { type StepJournal, stepsOn } from './steps.ts';
import { type SupervisionJournal, supervisionOn } from './supervision.ts';

/** What one monitor writes, and reads back after its own restart. Nothing here throws: watching goes on. */
export type Journal = LeftJournal &
  StepJournal &
  SightJournal &
  OrderJournal &
  SupervisionJournal &
  ProcessJournal;

/** @param monitor a name of this monitor that its next start has too. */
export const openJournal = (
  store: Store,
  monitor: string,
  wall: () => number,
  warn: (line: string) => void = () => {},
): Journal => {
  const newest = createNewest(monitor);
  const parts: Parts = { store, monitor, newest, wall };
  const forget = (bot: string) => {
    newest.forget(bot);
    forgetSights(bot);
    forgetSaid(bot);
  };
  const { sights, forgetSights } = sightsOn(parts);
  const { supervision, forgetSaid } = supervisionOn(parts, forget);
  const left = leftOn(parts, forget);
  const leave = store.attend({ before: left.readLate, after: newest.fill });
  return {
    load: left.load,
    isOfAnother: left.isOfAnother,
    ...stepsOn(parts),
    ...sights,
    ...ordersOn(parts, warn),
    ...supervision,
    ended: (at) => {
      supervision.ended(at);
      leave();
    },
    ...processNotesOn(parts, left.isKnown),
  };
};
