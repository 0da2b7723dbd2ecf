import type { Batch } from '@sentinel/history';

/** More than this waiting for a channel is told in one message. */
export const mostSingle = 10;
/** More than this does not fit into one message of Slack. */
export const mostFolded = 100;

/** What is sent next: the oldest alert by itself, or, where too many wait, all of them as one. A try that began stays as it was. */
export const fold = (waiting: Batch): Batch =>
  waiting.attempts > 0 || waiting.alerts.length > mostSingle
    ? waiting
    : { ...waiting, alerts: waiting.alerts.slice(0, 1) };
