import type { Setting } from './settings.ts';

/** When the quiet message of each day is sent. */
export const allClear = {
  kind: 'time',
  group: 'Who is told',
  value: 'time',
  meaning:
    'send one quiet message a day at this time of this machine: how the bots are, and the last 24 hours',
} as const satisfies Setting;
