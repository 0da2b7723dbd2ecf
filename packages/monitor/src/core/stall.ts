import type { Reading, Seen } from '@sentinel/heartbeat-core';
import { runOf } from './observe.ts';

/** What a bot's work is known by: another mark with each run and with each step of its progress. */
export type Stand = { readonly mark: string; readonly stalledMs: number };

/** A stall as another process saw it, on the wall clock. */
export type KnownStall = { readonly mark: string; readonly from: number };

/** A shorter standstill is everyday work, and written down by nobody, in ms. */
const shortestMs = 60_000;

/** From when on a standstill is written down: soon enough for a bot that may stand still for less. */
export const keptFromMs = (maxStallMs: number | null): number =>
  Math.min(shortestMs, maxStallMs ?? shortestMs);

const markOf = (reading: Reading): string | null => {
  if (reading.kind !== 'beat' || reading.record.progress === undefined) return null;
  return JSON.stringify([runOf(reading.record), reading.record.progress]);
};

/** How a bot's work stands; `null`: it tells of no progress, or there is no beat. */
export const standOf = (reading: Reading, seen: Seen | undefined, now: number): Stand | null => {
  const mark = markOf(reading);
  return mark === null || seen === undefined ? null : { mark, stalledMs: now - seen.progressSince };
};

/**
 * What a process that has just begun to watch goes on from: a stall that was seen before goes on where the file shows the
 * same progress of the same run. About everything else it knows what it sees.
 *
 * @param now and `wallNow`: one moment on two clocks.
 */
export const goOn = (
  seen: Seen | undefined,
  reading: Reading,
  stall: KnownStall | null,
  now: number,
  wallNow: number,
): Seen | undefined => {
  if (seen === undefined || stall === null || markOf(reading) !== stall.mark) return seen;
  return { ...seen, progressSince: Math.min(seen.progressSince, now - (wallNow - stall.from)) };
};
