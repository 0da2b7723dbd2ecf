import { objectIn } from '@sentinel/heartbeat-core';
import type { Recorded } from './replay.ts';

/** A recording, or what is wrong with the first line that is none. */
type RecordedOutcome =
  | { readonly kind: 'recorded'; readonly history: readonly Recorded[] }
  | { readonly kind: 'wrong'; readonly line: number; readonly expected: string };

const instantOf = (value: unknown): number => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
};

const entryOf = (text: string): Recorded | string => {
  const entry = objectIn(text);
  if (entry === null) return 'a JSON object';
  const {
    at,
    status = null,
    session_active = false,
    instance = null,
    silent = false,
    stopped = false,
    progress,
  } = entry;
  const instant = instantOf(at);
  if (!Number.isFinite(instant)) return '`at` to be an instant with Z or an offset, or ms since 1970';
  if (status !== null && (typeof status !== 'string' || status.trim() === ''))
    return '`status` to be a text, or null where there was no usable file';
  if (instance !== null && typeof instance !== 'string') return '`instance` to be a text';
  if (progress !== undefined && typeof progress !== 'string' && !Number.isFinite(progress))
    return '`progress` to be a number or a text';
  for (const [name, flag] of Object.entries({ session_active, silent, stopped }))
    if (typeof flag !== 'boolean') return `\`${name}\` to be true or false`;
  return {
    at: instant,
    status,
    sessionActive: session_active === true,
    instance,
    silent: silent === true,
    stopped: stopped === true,
    ...(progress === undefined ? {} : { progress: progress as number | string }),
  };
};

/**
 * Reads a recording: one JSON object a line, in the order of time. `at` is required; `status` (null: no usable file),
 * `session_active`, `instance`, `silent` (the last beat was then, and none followed), `stopped` and `progress` (it stood at
 * this until the next entry) are as in a beat.
 */
export const parseRecorded = (text: string): RecordedOutcome => {
  const history: Recorded[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const entry = entryOf(line);
    if (typeof entry === 'string') return { kind: 'wrong', line: index + 1, expected: entry };
    if (entry.at < (history.at(-1)?.at ?? Number.NEGATIVE_INFINITY))
      return { kind: 'wrong', line: index + 1, expected: 'to come after the line before it' };
    history.push(entry);
  }
  return { kind: 'recorded', history };
};
