import type { StatusRecord } from '../status-record.ts';
import { formatLocal } from '../timestamp.ts';

/** By how many digits the whole part of a number has it is known what it counts, in parts of a second. */
const units: Readonly<Record<number, number>> = { 10: 1, 13: 1e3, 16: 1e6, 19: 1e9 };

/**
 * A time since 1970 in seconds, ms, us or ns, to whole ms; `null` where the text is none. Times before September 2001 have
 * fewer digits: so has a number that was cut off, and it is none.
 */
export const epochMs = (text: string): number | null => {
  const match = /^(\d{10}|\d{13}|\d{16}|\d{19})(?:[.,](\d{1,9}))?$/.exec(text.trim());
  if (match === null) return null;
  const [, whole = '', fraction = ''] = match;
  const perSecond = units[whole.length] ?? 1;
  if (perSecond > 1) return Math.floor(Number(whole.slice(0, 13)));
  return Number(whole) * 1000 + Number(`${fraction}000`.slice(0, 3));
};

/** A beat of which only the time is known. */
export const timeOnly = (updatedAt: number, status: string): StatusRecord => ({
  status,
  indicator: null,
  message: status,
  timestamp: formatLocal(updatedAt),
  updatedAt,
  sessionActive: false,
  stopped: false,
  bare: true,
});
