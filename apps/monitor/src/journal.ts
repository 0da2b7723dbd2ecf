import { describeTrouble, openStore, type Store } from '@sentinel/history';

const dayMs = 24 * 60 * 60_000;
/** The page shows ninety days. */
const keptMs = 100 * dayMs;

/** The journal at `file`, whose troubles are told to `warn`. What is old is forgotten at once, and once a day. */
export const openJournalStore = (file: string, warn: (line: string) => void): Store => {
  const store = openStore(file);
  store.listen((trouble) => warn(describeTrouble(trouble)));
  const prune = () => store.transact((records) => records.prune(Date.now() - keptMs), undefined);
  prune();
  const timer = setInterval(prune, dayMs).unref();
  return {
    ...store,
    close: () => {
      clearInterval(timer);
      store.close();
    },
  };
};

/** In the place of a journal that must not be written: nothing is kept, and what was is not known. */
export const closedJournal = (file: string, reason: string): Store => ({
  file,
  transact: (_work, otherwise) => otherwise,
  ask: () => ({ kind: 'unknown', reason }),
  write: () => {},
  flush: () => false,
  turn: async () => {},
  attend: () => () => {},
  intoFile: () => {},
  mark: () => null,
  listen: (listener) => listener({ kind: 'unusable', file, reason }),
  close: () => {},
});
