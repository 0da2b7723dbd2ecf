import type { Store } from '@sentinel/history';
import type { Commands, Processes } from '@sentinel/monitor';
import type { Http } from '@sentinel/notify';

/** Where a known fault can be put back: each wraps one piece of the product or of what it stands on. */
export type Pieces = {
  readonly store: (store: Store) => Store;
  readonly http: (http: Http) => Http;
  readonly processes: (processes: Processes) => Processes;
  readonly commands: (commands: Commands) => Commands;
};

export const asShipped: Pieces = {
  store: (store) => store,
  http: (http) => http,
  processes: (processes) => processes,
  commands: (commands) => commands,
};
