import type { MonitorClock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { MonitorOptions } from './options.ts';
import type { Scheduler } from './scheduler.ts';
import type { FolderWatch } from './watch-folders.ts';

/** What the bots of one monitor have in common. */
export type Shared = Pick<MonitorOptions, 'log' | 'intervalMs' | 'notifier' | 'onWork'> & {
  readonly onOutput: (text: string, bot: string) => void;
  readonly id: string;
  readonly clock: MonitorClock;
  readonly journal: Journal;
  readonly scheduler: Scheduler;
  readonly folders: FolderWatch;
};
