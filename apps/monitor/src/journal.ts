import { describeTrouble, openStore, type Store } from '@sentinel/history';

const dayMs = 24 * 60 * 60_000;
/** The page shows ninety days. */
const keptMs = 100 * dayMs;

/**
 * The journal at `file`, whose troubles are told to `warn`. What is old is forgotten at once, and once a day, and so are
 * secrets that an earlier version, or somebody else, has written into its texts.
 */
export const openJournalStore = (
  file: string,
  warn: (line: string) => void,
  secrets: readonly string[] = [],
): Store => {
  const store = openStore(file);
  store.listen((trouble) => warn(describeTrouble(trouble)));
  const prune = () => {
    store.transact((records) => records.prune(Date.now() - keptMs), undefined);
    const struck = store.transact((records) => records.strikeSecrets(secrets), 0);
    if (struck > 0)
      warn(
        `The journal contained secrets of this monitor, in ${struck} texts: they were removed. A copy of the journal may still contain them`,
      );
  };
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
  waitingFor: () => [],
  attend: () => () => {},
  intoFile: () => {},
  mark: () => null,
  listen: (listener) => listener({ kind: 'unusable', file, reason }),
  close: () => {},
});
