import { constants } from 'node:os';
import { cleanStatus, inWords } from '@sentinel/heartbeat-core';

/** What is known of a program that says nothing of itself: that it lives, and what it prints. */
type Wrapped = {
  readonly name: string;
  /** Bytes that it has printed: they move when it does something. */
  readonly printed: number;
  /** Its last line that is not empty. */
  readonly lastLine: string;
};

/** In characters, of the last line: a status is no log. */
const mostLine = 200;

export const runsStatus = ({ name, lastLine }: Pick<Wrapped, 'name' | 'lastLine'>): string => {
  const line = cleanStatus(lastLine);
  if (line === '') return `✅ ${name} runs`;
  return `✅ ${name} runs - ${line.length > mostLine ? `${line.slice(0, mostLine)}…` : line}`;
};

export const quietStatus = (name: string, quietMs: number): string =>
  `❌ ${name} has printed nothing for ${inWords(quietMs)}: it counts as hung, and no beat follows before it prints`;

export type WrappedEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** Who sent the signal is not known. */
const wordsOfEnd = ({ code, signal }: WrappedEnd): string =>
  signal === null ? `has ended with exit code ${code ?? 0}` : `was ended by ${signal}`;

/** @param told the signal that this end follows from; `null`: nobody has told it to stop. */
export const endStatus = (name: string, end: WrappedEnd, told: NodeJS.Signals | null): string =>
  told === null ? `❌ ${name} ${wordsOfEnd(end)}` : `✅ ${name} was stopped (${told})`;

/** As a shell says it: 128 and the number of the signal. */
export const exitCodeOf = ({ code, signal }: WrappedEnd): number =>
  signal === null ? (code ?? 0) : 128 + constants.signals[signal];

/** What of a text that comes in pieces was its last line that is not empty. */
export const lastLineOf = (before: { readonly last: string; readonly open: string }, piece: string) => {
  const lines = `${before.open}${piece}`.split(/[\r\n]+/);
  // A line without an end is not to grow for ever.
  const open = (lines.pop() ?? '').slice(0, 4 * mostLine);
  const whole = lines.findLast((line) => line.trim() !== '');
  return { last: open.trim() === '' ? (whole ?? before.last) : open, open };
};

/** A signal that was passed on, and how long before the end that was, in ms. */
export type Told = { readonly signal: NodeJS.Signals; readonly agoMs: number };

/**
 * A program that handles a signal may go on: many read their settings again on SIGHUP, some print a report on SIGINT. What ends
 * by itself within this time, in ms, ends because of it: systemd and people wait for so long. What comes later is an end of its
 * own, and a crash is told.
 */
const followsWithinMs: Partial<Record<NodeJS.Signals, number>> = {
  SIGTERM: 90_000,
  SIGINT: 30_000,
  SIGHUP: 10_000,
  SIGQUIT: 10_000,
};

/** Whether an end follows from a signal: a shell that was ended by one, and a handler that says so, exit with 128 and its number. */
const followsFrom = ({ signal, agoMs }: Told, end: WrappedEnd): boolean =>
  exitCodeOf(end) === 128 + constants.signals[signal] ||
  (end.signal === null && agoMs <= (followsWithinMs[signal] ?? 0));

/** The signal that told it to stop; `null`: nobody did, or it survived that. The latest says most. */
export const toldBy = (told: readonly Told[], end: WrappedEnd): NodeJS.Signals | null =>
  told.findLast((each) => followsFrom(each, end))?.signal ?? null;
