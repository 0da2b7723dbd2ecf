import type { Exposure } from './beat-facts.ts';
import { splitIndicator } from './indicators.ts';
import { oneLine } from './printable.ts';
import type { StatusRecord } from './status-record.ts';

const longestStatus = 1000;

/**
 * One line of at most 1,000 characters: line breaks and control characters become spaces, what is longer is cut with
 * an ellipsis. Half an emoji (a lone surrogate) becomes U+FFFD.
 *
 * @example
 * cleanStatus('Login\nfailed'); // 'Login failed'
 */
export const cleanStatus = (status: string): string => {
  const line = oneLine(status);
  if (line.length <= longestStatus) return line;
  const characters = [...line];
  return characters.length <= longestStatus
    ? line
    : `${characters
        .slice(0, longestStatus - 1)
        .join('')
        .trimEnd()}…`;
};

/** A status as the file holds it: clean, with the emoji for its plain-text tag and one space behind it. */
export const normalStatus = (status: string): Pick<StatusRecord, 'status' | 'indicator' | 'message'> => {
  const { indicator, message } = splitIndicator(cleanStatus(status));
  if (indicator === null) return { status: message, indicator, message };
  if (message === '') return { status: `${indicator} `, indicator, message };
  // The space may be one character more than there was.
  const joined = cleanStatus(`${indicator} ${message}`);
  return { status: joined, indicator, message: joined.slice(indicator.length + 1) };
};

/** What a writer makes of a status: one that says nothing is no reason to lose a beat. The same in every language. */
export const writtenStatus = (status: string): ReturnType<typeof normalStatus> => {
  const normal = normalStatus(status);
  return normal.status === '' ? normalStatus('❓ No status given') : normal;
};

const writtenExposure = ({ positions, more, orders, pnlDay, currency }: Exposure) => ({
  positions,
  more,
  orders,
  pnl_day: pnlDay,
  currency,
});

const writtenFeeds = (feeds: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(feeds).map(([name, at]) => [name, new Date(at).toISOString()]));

/**
 * The three lines of the status file, with a newline at the end.
 *
 * @throws RangeError when `updatedAt` or `startedAt` is not a time.
 * @example
 * const reading = parseStatusFile(text);
 * if (reading.kind === 'beat') parseStatusFile(formatStatusFile(reading.record)); // the same record
 */
export const formatStatusFile = (record: StatusRecord): string => {
  const instant = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  const details = {
    ...record.others,
    session_active: record.sessionActive,
    updated_at: instant(record.updatedAt),
    started_at: instant(record.startedAt),
    pid: record.pid,
    host: record.host,
    boot: record.boot,
    instance: record.instance,
    seq: record.seq,
    source: record.source,
    progress: record.progress,
    ...(record.stopped ? { stopped: true } : {}),
    halted: record.halted,
    needs_person: record.needsPerson,
    ...(record.exposure === undefined ? {} : { exposure: writtenExposure(record.exposure) }),
    ...(record.feeds === undefined ? {} : { feeds: writtenFeeds(record.feeds) }),
    ...(record.expect === undefined
      ? {}
      : { expect: { what: record.expect.what, by: instant(record.expect.by) } }),
  };
  return `${cleanStatus(record.status)}\n${record.timestamp}\n${JSON.stringify(details)}\n`;
};
