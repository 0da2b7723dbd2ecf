import { describeValue } from '../describe.ts';
import { normalStatus } from '../format.ts';
import { indicators } from '../indicators.ts';
import { isGiven } from '../parse-details.ts';
import { parseJsonObject } from '../parse-json.ts';
import { oneLine } from '../printable.ts';
import type { Reading } from '../reading.ts';
import type { StatusRecord } from '../status-record.ts';
import { isBad, isBadLevel } from './bad-words.ts';
import { timeOnly } from './epoch.ts';
import type { JsonKeys } from './file-format.ts';
import { beatTimeIn, ofBotIn, timeOf } from './json-times.ts';
import { factsIn, reasonOf, reasons, truthOf, wordOf } from './said-facts.ts';

const statusNames = ['status', 'state', 'message', 'msg'] as const;
const sessionNames = ['session_active', 'sessionActive', 'logged_in', 'connected'] as const;
/** A value that says no under one of these is an error that the bot reports. */
const wellNames = ['healthy', 'ok', 'alive', 'running'] as const;
/** A value that says yes under one of these is one too. */
const illNames = ['failed', 'errored', 'is_error', 'has_error', 'crashed', 'disconnected'] as const;
const levelNames = ['level', 'levelname', 'log_level', 'severity'] as const;
const personNames = ['needs_person', 'needsPerson'] as const;
const errorNames = ['error', 'err', 'exception', 'error_message'] as const;
/** An error under one of these is anything but these. */
const noError = /^\s*(?:|none|null|false|no|off|0)\s*$/i;
/** A status that says that the bot lives, and does not trade on purpose. */
const haltedStatus = /^\W*halted\b/i;

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

const first = (documents: readonly Document[], names: readonly string[]): unknown =>
  allOf(documents, names).find(isGiven);

/** What the document says under these names, and what the objects say on the way to the time of its beat. */
const allOf = (documents: readonly Document[], names: readonly string[]): readonly unknown[] =>
  documents.flatMap((document) =>
    names.map((name) => (Object.hasOwn(document, name) ? document[name] : undefined)),
  );

/** The objects on the way to what a pointer leads to. */
const wayTo = (document: Document, pointer: string): readonly Document[] => {
  const parts = pointer.split('/').slice(0, -1);
  return parts.map((_, index) =>
    index === 0 ? document : (at(document, parts.slice(0, index + 1).join('/')) as Document),
  );
};

/** Names and pointers in a message, of each. */
const mostShown = 10;

/** When the document says that it beat, and where. */
const beatTime = (
  document: Document,
  keys: JsonKeys,
  timeZone: string | undefined,
  mtimeMs: number,
): { readonly time: number; readonly pointer: string } | Reading => {
  if (keys.time !== undefined) {
    const found = at(document, keys.time);
    const time = timeOf(found, timeZone);
    return time === null
      ? corrupt({ code: 'bad-time', pointer: keys.time, found: describeValue(found) })
      : { time, pointer: keys.time };
  }
  const times = beatTimeIn(document, timeZone, mtimeMs);
  if ('found' in times) return times.found;
  const [likeliest, ...others] = times.maybe.slice(0, mostShown).map(({ pointer }) => pointer);
  if (likeliest === undefined)
    return corrupt({ code: 'no-time', keys: Object.keys(document).slice(0, mostShown).map(oneLine) });
  return corrupt({ code: 'unsure-time', pointer: likeliest, others });
};

const corrupt = (problem: Extract<Reading, { problem: unknown }>['problem']): Reading => ({
  kind: 'corrupt',
  problem,
});

const statusOf = (
  way: readonly Document[],
  found: readonly unknown[],
): Pick<StatusRecord, 'status' | 'indicator' | 'message'> => {
  const texts = found.filter((each) => typeof each === 'string' || typeof each === 'number').map(String);
  const said = normalStatus(texts.find(isBad) ?? texts[0] ?? 'beats');
  const reports = allOf(way, wellNames).some((value) => truthOf(value) === false || isBad(wordOf(value)));
  const errors = allOf(way, errorNames).some((value) => isGiven(value) && !noError.test(wordOf(value)));
  const ills = allOf(way, illNames).some((value) => truthOf(value) === true);
  const levels = allOf(way, levelNames).some(isBadLevel);
  return (texts.some(isBad) || reports || errors || ills || levels) &&
    said.indicator !== indicators.error.emoji
    ? normalStatus(`${indicators.error.emoji} ${said.message}`)
    : said;
};

/** What a document says besides its time: also that it waits for a person, or does not trade on purpose. */
const saidIn = (document: Document, way: readonly Document[], keys: JsonKeys) => {
  const pointed = (key: keyof JsonKeys, names: readonly string[]): readonly unknown[] => {
    const pointer = keys[key];
    return pointer === undefined ? allOf(way, names) : [at(document, pointer)];
  };
  const status = statusOf(way, pointed('status', statusNames));
  const given = (key: keyof JsonKeys, names: readonly string[]) =>
    pointed(key, names).find((value) => reasonOf(value) !== undefined);
  const halted =
    given('halted', ['halted']) ?? (haltedStatus.test(status.message) ? status.message : undefined);
  return {
    ...status,
    ...Object.assign({}, ...way.map(factsIn)),
    ...reasons(halted, given('needs_person', personNames)),
    stopped: pointed('stopped', ['stopped']).some((value) => truthOf(value) === true),
  };
};

/** The same of a line of a log. What it says of an end may be of anything: that the bot ends as planned is not taken from it. */
export const saidInLine = (document: Document) => ({ ...saidIn(document, [document], {}), stopped: false });

/** A JSON object with a time in it: what else it says is taken where it has a usual name, or where a pointer leads. */
export const parseJsonBeat = (
  text: string,
  keys: JsonKeys,
  timeZone: string | undefined,
  mtimeMs: number,
): Reading => {
  const found = parseJsonObject(text.replace(/^\uFEFF/, ''));
  if (found.kind === 'none') return corrupt({ code: 'not-json' });
  if (found.kind === 'repeats-key') return corrupt({ code: 'repeated-key', found: '{…}' });
  if (found.kind === 'too-deep') return corrupt({ code: 'too-deep' });
  const document: Document = found.raw;
  const beat = beatTime(document, keys, timeZone, mtimeMs);
  if ('kind' in beat) return beat;
  const way = [...new Set([...wayTo(document, beat.pointer), ...ofBotIn(document)])];
  const session = truthOf(keys.session === undefined ? first(way, sessionNames) : at(document, keys.session));
  const progress = keys.progress === undefined ? undefined : at(document, keys.progress);
  const pid = keys.pid === undefined ? undefined : at(document, keys.pid);
  // What is not said of the session is not known.
  const { bare, ...record } = timeOnly(beat.time, '');
  return {
    kind: 'beat',
    record: {
      ...record,
      ...saidIn(document, way, keys),
      ...(session === undefined ? { bare: true as const } : { sessionActive: session }),
      ...(typeof progress === 'number' || typeof progress === 'string' ? { progress } : {}),
      ...(Number.isSafeInteger(pid) && (pid as number) > 0 ? { pid: pid as number } : {}),
    },
  };
};
