import { backoffMs } from '@sentinel/heartbeat-core';

const longestMs = 24 * 60 * 60_000;

/** The time from one reminder of an incident to the next, in ms: doubling up to a day. */
export const nextReminder = (reminders: number, remindMs: number): number =>
  backoffMs(reminders + 1, { firstMs: remindMs, longestMs: Math.max(longestMs, remindMs) });
