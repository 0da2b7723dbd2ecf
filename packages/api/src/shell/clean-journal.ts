import { cleanTexts, oneLine } from '@sentinel/heartbeat-core';
import type { JournalReader, Page } from './journal.ts';

/** The journal as it may be shown: who may write into it steers no terminal and no page, and no secret stands in it. */
export const cleanReader = (journal: JournalReader, clean: (text: string) => string): JournalReader => {
  // A name is what a bot is asked for by: no more is taken from it than what nobody can see.
  const item = <Item extends { readonly bot: string }>(one: Item): Item => ({
    ...cleanTexts(one, clean),
    bot: oneLine(one.bot),
  });
  const page = <Item extends { readonly bot: string }>({ items, next }: Page<Item>): Page<Item> => ({
    items: items.map(item),
    next,
  });
  return {
    ...journal,
    warnings: () => cleanTexts(journal.warnings(), clean),
    faults: () => cleanTexts(journal.faults(), clean),
    log: (query) => page(journal.log(query)),
    incidents: (query) => page(journal.incidents(query)),
    incident: (id) => {
      const detail = journal.incident(id);
      return detail === null ? null : { ...cleanTexts(detail, clean), bot: oneLine(detail.bot) };
    },
    channels: () => cleanTexts(journal.channels(), clean),
    selfTest: () => cleanTexts(journal.selfTest(), clean),
    willTrouble: () => cleanTexts(journal.willTrouble(), clean),
    report: () => cleanTexts(journal.report(), clean),
    outcome: (id) => {
      const outcome = journal.outcome(id);
      return outcome === null ? null : { ...cleanTexts(outcome, clean), bot: outcome.bot };
    },
  };
};
