const longestMs = 24 * 60 * 60_000;

/** The time from one reminder of an incident to the next, in ms: doubling up to a day. */
export const nextReminder = (reminders: number, remindMs: number): number =>
  Math.min(remindMs * 2 ** Math.min(reminders, 30), Math.max(longestMs, remindMs));
