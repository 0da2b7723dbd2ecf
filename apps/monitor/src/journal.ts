import { describeTrouble, openStore, type Store } from '@sentinel/history';

/** The page shows ninety days. */
const keptMs = 100 * 24 * 60 * 60_000;

/** The journal at `file`, whose troubles are told to `warn`. */
export const openJournal = (file: string, warn: (line: string) => void): Store => {
  const store = openStore(file);
  store.listen((trouble) => warn(describeTrouble(trouble)));
  store.transact((records) => records.prune(Date.now() - keptMs), undefined);
  return store;
};
