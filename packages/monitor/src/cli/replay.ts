import { oneLine, readPlainFile } from '@sentinel/heartbeat-core';
import { type BeatRow, type Records, withRecords } from '@sentinel/history';
import { describe } from '@sentinel/notify';
import type { Action } from '../core/actions.ts';
import { parseRecorded } from '../core/parse-recorded.ts';
import type { Policy } from '../core/policy.ts';
import { kindOf, type Recorded, recordedOf, replay, withStalls } from '../core/replay.ts';
import type { Outcome } from './check-text.ts';

type Recording = { readonly history: readonly Recorded[]; readonly until: number };

const stamp = (at: number) => new Date(at).toISOString();
const pageSize = 1000;
const sqliteHeader = 'SQLite format 3\0';

const recordingIn = (records: Records, bot: string): Recording => {
  const rows: BeatRow[] = [];
  for (let before: number | undefined; ; before = rows.at(-1)?.id) {
    const page = records.beats({ bot, limit: pageSize, before });
    rows.push(...page);
    if (page.length < pageSize) break;
  }
  const last = rows[0]?.at ?? 0;
  // A beat is kept when it differs; the watched time goes on behind the last that did.
  const watched = records.spans(bot, { from: last, to: Number.MAX_SAFE_INTEGER }).at(-1)?.to ?? last;
  const stalls = records.stalls(bot);
  const history = withStalls(recordedOf(rows.reverse()), stalls);
  return { history, until: Math.max(last, watched, stalls.at(-1)?.to ?? 0) };
};

const readRecorded = (file: string, bot: string): Recording | string => {
  const answer = withRecords(file, (records) => recordingIn(records, bot));
  if (answer.kind === 'known') return answer.value;
  return `${file}: the journal cannot be read${answer.kind === 'none' ? '' : ` (${answer.reason})`}`;
};

const reasons: Readonly<Record<string, string>> = {
  ENOTFILE: 'that is no file, but a pipe, a socket or a device',
  ENOENT: 'there is no such file',
  EISDIR: 'that is a folder',
  EACCES: 'this user may not read it',
};

const readBytes = (file: string): Buffer | string => {
  try {
    return readPlainFile(file, { mostBytes: Number.POSITIVE_INFINITY }).bytes;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return `${file}: ${reasons[code] ?? `it cannot be read (${code})`}. Give a journal (sentinel.db), or a file with one JSON object a line`;
  }
};

const readRecording = (file: string, bot: string): Recording | string => {
  const bytes = readBytes(file);
  if (typeof bytes === 'string') return bytes;
  if (bytes.subarray(0, sqliteHeader.length).toString('latin1') === sqliteHeader)
    return readRecorded(file, bot);
  const outcome = parseRecorded(bytes.toString('utf8'));
  if (outcome.kind === 'wrong') return `${file}, line ${outcome.line}: expected ${outcome.expected}`;
  return { history: outcome.history, until: outcome.history.at(-1)?.at ?? 0 };
};

const wordsOf = (action: Action): string => {
  if (action.kind === 'notify') return describe(action.notification);
  return action.kind === 'restart' ? 'the restart command would run' : `${action.kind} would run`;
};

/**
 * What a policy would have done with a recorded history: a journal (`sentinel.db`), or a file with one JSON object a
 * line. Restarts are counted as if there were a restart command. Exit code 1: the recording cannot be used.
 *
 * @param bot whose rows of a journal are taken.
 */
export const replayFile = (file: string, bot: string, policy: Policy): Outcome => {
  const recording = readRecording(file, bot);
  if (typeof recording === 'string') return { code: 1, line: recording };
  const [first] = recording.history;
  if (first === undefined) return { code: 1, line: `${file} contains no beat of ${bot}: is --bot right?` };
  const rules = { ...policy, restart: { ...policy.restart, enabled: true } };
  const replayed = replay(recording.history, rules, recording.until, bot);
  const count = (kind: string) => replayed.filter(({ action }) => kindOf(action) === kind).length;
  const counts = {
    incidents: count('unhealthy'),
    restarts: count('restart'),
    gave_up: count('budget-exhausted'),
    recoveries: count('recovered'),
  };
  const from = stamp(first.at);
  const until = stamp(recording.until);
  const sum = `${from} to ${until}: ${counts.incidents} incidents, ${counts.restarts} restarts, gave up ${counts.gave_up} times, ${counts.recoveries} recoveries`;
  return {
    code: 0,
    line: [...replayed.map(({ at, action }) => `${stamp(at)} ${oneLine(wordsOf(action))}`), sum].join('\n'),
    json: {
      bot,
      from,
      until,
      ...counts,
      actions: replayed.map(({ at, action }) => ({
        at: stamp(at),
        kind: kindOf(action),
        text: wordsOf(action),
      })),
    },
  };
};
