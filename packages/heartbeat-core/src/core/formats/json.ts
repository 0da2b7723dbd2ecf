import { describeValue } from '../describe.ts';
import { normalStatus } from '../format.ts';
import { indicators } from '../indicators.ts';
import { isGiven } from '../parse-details.ts';
import { parseJsonObject } from '../parse-json.ts';
import { oneLine } from '../printable.ts';
import type { Reading } from '../reading.ts';
import type { StatusRecord } from '../status-record.ts';
import { instantOf, readTimestamp } from '../timestamp.ts';
import { epochMs, timeOnly } from './epoch.ts';
import type { JsonKeys } from './file-format.ts';

/** Names under which bots keep the time of their last sign of life. */
const timeNames = [
  'heartbeat',
  'last_heartbeat',
  'lastHeartbeat',
  'last_beat',
  'heartbeat_at',
  'updated_at',
  'updatedAt',
  'last_update',
  'lastUpdate',
  'last_updated',
  'lastUpdated',
  'last_seen',
  'lastSeen',
  'last_loop',
  'last_tick',
  'last_ping',
  'timestamp',
  'time',
  'ts',
  'datetime',
] as const;
const statusNames = ['status', 'state', 'message', 'msg'] as const;
const sessionNames = ['session_active', 'sessionActive', 'logged_in', 'connected'] as const;
/** `false` under one of these is an error that the bot reports. */
const wellNames = ['healthy', 'ok', 'alive', 'running'] as const;
/** A status of one of these words, and no more, is an error. */
const badWords = /^(error|failed|failure|unhealthy|critical|fatal|crashed|dead|down)$/i;
/** Two times of one document further apart than this are not the same one, in ms. */
const sameMs = 2000;

type Document = Readonly<Record<string, unknown>>;

/** What a JSON pointer (RFC 6901) leads to; `undefined`: nothing. */
const at = (document: unknown, pointer: string): unknown =>
  pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Document)[key]
          : undefined,
      document,
    );

const timeOf = (value: unknown, timeZone: string | undefined): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? epochMs(decimal(value)) : null;
  if (typeof value !== 'string') return null;
  const written = readTimestamp(value.trim());
  return written === null ? epochMs(value) : instantOf(written, timeZone);
};

/** Python's `time.time()` has more digits than a number of JavaScript keeps: what is behind the ms is not needed. */
const decimal = (value: number): string => (value < 1e11 ? value.toFixed(3) : String(Math.floor(value)));

const first = (document: Document, names: readonly string[]): unknown =>
  names.map((name) => (Object.hasOwn(document, name) ? document[name] : undefined)).find(isGiven);

/** When the document says that it beat: where several of its times differ, nobody knows which one is meant. */
const beatTime = (document: Document, keys: JsonKeys, timeZone: string | undefined): number | Reading => {
  if (keys.time !== undefined) {
    const found = at(document, keys.time);
    return (
      timeOf(found, timeZone) ??
      corrupt({ code: 'bad-time', pointer: keys.time, found: describeValue(found) })
    );
  }
  const found = timeNames.flatMap((name) => {
    const time = Object.hasOwn(document, name) ? timeOf(document[name], timeZone) : null;
    return time === null ? [] : [{ name, time }];
  });
  const [one] = found;
  if (one === undefined)
    return corrupt({
      code: 'no-time',
      keys: Object.keys(document).slice(0, 10).map(oneLine),
      ...deeperTime(document, timeZone),
    });
  const other = found.find(({ time }) => Math.abs(time - one.time) > sameMs);
  return other === undefined ? one.time : corrupt({ code: 'two-times', keys: [one.name, other.name] });
};

/** Where an object one level down has a time under a usual name. It is only proposed: it may be the time of something else. */
const deeperTime = (document: Document, timeZone: string | undefined): { readonly pointer?: string } => {
  for (const [key, value] of Object.entries(document)) {
    // A key with other signs would have to be escaped, for the pointer and for the shell.
    if (!/^[\w-]{1,40}$/.test(key) || typeof value !== 'object' || value === null) continue;
    const name = timeNames.find(
      (each) => Object.hasOwn(value, each) && timeOf((value as Document)[each], timeZone) !== null,
    );
    if (name !== undefined) return { pointer: `/${key}/${name}` };
  }
  return {};
};

const corrupt = (problem: Extract<Reading, { problem: unknown }>['problem']): Reading => ({
  kind: 'corrupt',
  problem,
});

const statusOf = (
  document: Document,
  keys: JsonKeys,
): Pick<StatusRecord, 'status' | 'indicator' | 'message'> => {
  const found = keys.status === undefined ? first(document, statusNames) : at(document, keys.status);
  const said = normalStatus(typeof found === 'string' || typeof found === 'number' ? String(found) : 'beats');
  const isBad =
    badWords.test(said.message) ||
    wellNames.some((name) => Object.hasOwn(document, name) && document[name] === false);
  return isBad && said.indicator !== indicators.error.emoji
    ? normalStatus(`${indicators.error.emoji} ${said.message}`)
    : said;
};

/** A JSON object with a time in it: what else it says is taken where it has a usual name, or where a pointer leads. */
export const parseJsonBeat = (text: string, keys: JsonKeys, timeZone: string | undefined): Reading => {
  const found = parseJsonObject(text.replace(/^\uFEFF/, ''));
  if (found.kind === 'none') return corrupt({ code: 'not-json' });
  if (found.kind === 'repeats-key') return corrupt({ code: 'repeated-key', found: '{…}' });
  if (found.kind === 'too-deep') return corrupt({ code: 'too-deep' });
  const document: Document = found.raw;
  const time = beatTime(document, keys, timeZone);
  if (typeof time !== 'number') return time;
  const session = keys.session === undefined ? first(document, sessionNames) : at(document, keys.session);
  const progress = keys.progress === undefined ? undefined : at(document, keys.progress);
  const pid = keys.pid === undefined ? undefined : at(document, keys.pid);
  const { bare, ...record } = timeOnly(time, '');
  return {
    kind: 'beat',
    record: {
      ...record,
      ...statusOf(document, keys),
      // What is not said of the session is not known.
      ...(typeof session === 'boolean' ? { sessionActive: session } : { bare: true as const }),
      ...(typeof progress === 'number' || typeof progress === 'string' ? { progress } : {}),
      ...(Number.isSafeInteger(pid) && (pid as number) > 0 ? { pid: pid as number } : {}),
    },
  };
};
