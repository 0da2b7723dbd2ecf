import type { Setting } from './settings.ts';

/** When each channel is tested, once a week. */
export const selfTest = {
  kind: 'moment',
  group: 'Who is told',
  value: 'moment',
  meaning:
    'once a week at this moment of this machine (Mon 09:00) send a test message through every channel, and report what did not arrive',
} as const satisfies Setting;

/** When the quiet message of each day is sent. */
export const allClear = {
  kind: 'time',
  group: 'Who is told',
  value: 'time',
  meaning:
    'send one quiet message a day at this time of this machine: how the bots are, and the last 24 hours',
} as const satisfies Setting;
