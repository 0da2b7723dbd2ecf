import type { Reading } from '@sentinel/heartbeat-core';
import type { Store } from '@sentinel/history';
import type { Commands, Files, MonitorClock, Processes } from '@sentinel/monitor';
import type { Http } from '@sentinel/notify';

/** Where a known fault can be put back: each wraps one piece of the product or of what it stands on. */
export type Pieces = {
  readonly store: (store: Store) => Store;
  readonly http: (http: Http) => Http;
  readonly processes: (processes: Processes) => Processes;
  readonly commands: (commands: Commands) => Commands;
  readonly files: (files: Files) => Files;
  readonly clock: (clock: MonitorClock) => MonitorClock;
  /** @param mtimeMs when the file was changed, in ms since the epoch. */
  readonly reading: (reading: Reading, mtimeMs: number) => Reading;
};

export const asShipped: Pieces = {
  store: (store) => store,
  http: (http) => http,
  processes: (processes) => processes,
  commands: (commands) => commands,
  files: (files) => files,
  clock: (clock) => clock,
  reading: (reading) => reading,
};
