import { type Health, healthStates, type Reading, type StatusRecord } from '@sentinel/heartbeat-core';

/** Since when, on the watcher's monotonic clock, one writer has been seen to beat without a break. */
export type Run = { readonly since: number; readonly of: string };

/** All by which a beat names the process that has sent it. */
export const runOf = ({ pid, boot, instance, startedAt }: StatusRecord): string =>
  JSON.stringify([pid, boot, instance, startedAt]);

/** Takes in one more look. A break (stale, stopped, unknown) ends the run, and so does another process. */
export const followRun = (
  run: Run | undefined,
  reading: Reading,
  health: Health,
  monotonicNow: number,
): Run | undefined => {
  if (reading.kind !== 'beat' || !healthStates[health.state].beats) return undefined;
  const of = runOf(reading.record);
  return run !== undefined && run.of === of ? run : { since: monotonicNow, of };
};

/** From where its uptime is counted; `null`: it has none. */
export const uptimeFrom = (run: Run | undefined, reading: Reading): 'start' | 'first-seen' | null => {
  if (run === undefined || reading.kind !== 'beat') return null;
  return reading.record.startedAt === undefined ? 'first-seen' : 'start';
};

/**
 * Seconds since the bot's current start. Start and update were stamped by one clock, the bot's, so what lies
 * between them is true even where that clock differs from ours; the beat's age is added from our side: the real
 * one, as a bot goes on running while its market is closed.
 */
export const uptimeSeconds = (
  run: Run | undefined,
  reading: Reading,
  realAgeMs: number | null,
  monotonicNow: number,
): number => {
  if (run === undefined || reading.kind !== 'beat') return 0;
  const { startedAt, updatedAt } = reading.record;
  const ms = startedAt === undefined ? monotonicNow - run.since : updatedAt - startedAt + (realAgeMs ?? 0);
  return Math.max(0, Math.floor(ms / 1000));
};
