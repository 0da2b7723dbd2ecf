import { type BeatFacts, parseFacts } from './beat-facts.ts';
import { describeValue, excerpt } from './describe.ts';
import { parseJsonObject } from './parse-json.ts';
import { oneLine } from './printable.ts';
import type { Problem } from './problem.ts';
import type { StatusRecord } from './status-record.ts';
import { parseInstant } from './timestamp.ts';

/** What line 3 adds to a record. */
export type Details = Pick<StatusRecord, 'sessionActive' | 'stopped'> &
  Partial<
    Pick<
      StatusRecord,
      | 'updatedAt'
      | 'startedAt'
      | 'pid'
      | 'host'
      | 'boot'
      | 'instance'
      | 'seq'
      | 'source'
      | 'progress'
      | 'bare'
      | 'halted'
      | 'needsPerson'
    >
  > &
  BeatFacts;

/** In characters. */
const mostReason = 500;
const anInstant = 'an ISO 8601 instant with Z or an offset';
/** Keys that are read here. */
const known: ReadonlySet<string> = new Set([
  'session_active',
  'updated_at',
  'started_at',
  'pid',
  'host',
  'boot',
  'instance',
  'seq',
  'source',
  'progress',
  'stopped',
  'halted',
  'needs_person',
]);
const texts = ['host', 'boot', 'instance', 'source'] as const;

export const isGiven = (found: unknown): boolean => found !== undefined && found !== null;
const isText = (found: unknown): boolean => !isGiven(found) || typeof found === 'string';
const isWhole = (found: unknown, least: number): boolean =>
  !isGiven(found) || (Number.isSafeInteger(found) && (found as number) >= least);
/** `undefined` when it is not given, `null` when it is malformed. */
const instant = (found: unknown): number | null | undefined => {
  if (!isGiven(found)) return undefined;
  return typeof found === 'string' ? parseInstant(found) : null;
};

const aReason = 'the reason as text, or true or false';
/** `undefined`: it is not so; `null`: it is malformed. `true` gives no reason. */
const reasonIn = (found: unknown): string | null | undefined => {
  if (!isGiven(found) || found === false) return undefined;
  if (found === true) return 'no reason given';
  if (typeof found !== 'string') return null;
  const reason = oneLine(found.slice(0, mostReason));
  return reason === '' ? undefined : reason;
};

const badField = (field: string, expected: string, found: unknown): Problem => ({
  code: 'bad-field',
  field,
  expected,
  found: describeValue(found),
});

/**
 * Reads line 3. Keys that are not ours are kept in words. An optional field may be absent or `null` (Python's None), but
 * never of another kind: a writer that gets one field wrong may get any wrong.
 */
export const parseDetails = (json: string): Details | Problem => {
  const found = parseJsonObject(json);
  if (found.kind === 'none') return { code: 'bad-json', found: excerpt(json) };
  if (found.kind === 'repeats-key') return { code: 'repeated-key', found: excerpt(json) };
  if (found.kind === 'too-deep') return { code: 'too-deep' };
  const { raw } = found;
  if (typeof raw.session_active !== 'boolean')
    return badField('session_active', 'true or false', raw.session_active);
  const updatedAt = instant(raw.updated_at);
  if (updatedAt === null) return badField('updated_at', anInstant, raw.updated_at);
  const startedAt = instant(raw.started_at);
  if (startedAt === null) return badField('started_at', anInstant, raw.started_at);
  if (!isWhole(raw.pid, 1)) return badField('pid', 'a process id', raw.pid);
  if (!isWhole(raw.seq, 0)) return badField('seq', 'a whole number from 0', raw.seq);
  for (const key of texts) if (!isText(raw[key])) return badField(key, 'text', raw[key]);
  if (!isText(raw.progress) && !Number.isFinite(raw.progress))
    return badField('progress', 'a number or text', raw.progress);
  if (isGiven(raw.stopped) && typeof raw.stopped !== 'boolean')
    return badField('stopped', 'true or false', raw.stopped);
  const halted = reasonIn(raw.halted);
  if (halted === null) return badField('halted', aReason, raw.halted);
  const needsPerson = reasonIn(raw.needs_person);
  if (needsPerson === null) return badField('needs_person', aReason, raw.needs_person);

  const details: Record<string, unknown> = {
    sessionActive: raw.session_active,
    stopped: raw.stopped === true,
  };
  if (updatedAt !== undefined) details.updatedAt = updatedAt;
  if (startedAt !== undefined) details.startedAt = startedAt;
  if (isGiven(raw.pid)) details.pid = raw.pid;
  // Whoever reads one of these may show it.
  for (const key of texts) if (isGiven(raw[key])) details[key] = oneLine(raw[key] as string);
  if (isGiven(raw.seq)) details.seq = raw.seq;
  if (isGiven(raw.progress))
    details.progress = typeof raw.progress === 'string' ? oneLine(raw.progress) : raw.progress;
  if (halted !== undefined) details.halted = halted;
  if (needsPerson !== undefined) details.needsPerson = needsPerson;
  // Most beats say nothing more.
  return { ...details, ...parseFacts(raw, known) } as Details;
};
