import { describeValue } from '../describe.ts';
import { normalStatus } from '../format.ts';
import { indicators } from '../indicators.ts';
import { isGiven } from '../parse-details.ts';
import { parseJsonObject } from '../parse-json.ts';
import { oneLine } from '../printable.ts';
import type { Reading } from '../reading.ts';
import type { StatusRecord } from '../status-record.ts';
import { timeOnly } from './epoch.ts';
import type { JsonKeys } from './file-format.ts';
import { beatTimeIn, timeOf } from './json-times.ts';

const statusNames = ['status', 'state', 'message', 'msg'] as const;
const sessionNames = ['session_active', 'sessionActive', 'logged_in', 'connected'] as const;
/** A value that says no under one of these is an error that the bot reports. */
const wellNames = ['healthy', 'ok', 'alive', 'running'] as const;
/** Words that say an error wherever they are in a status, unless it says that there is none: `no error so far`, `errors: 0`. */
const badWord =
  /(?<!\b(?:no|0|zero|without|not|never|non)[\s-]+(?:\w+\s+)?)\b(?:error(?:ed|s)?|fail(?:ed|ing|ure|ures)?|unhealthy|critical|fatal|crash(?:ed|ing)?|disconnected|offline|exception|panic|aborted|killed|terminated|connection lost|lost connection|timed out)\b(?!\w*\s*[:=]\s*(?:0|none|no|false|null)\b)/i;
const notWell = /\bnot (?:ok|well|healthy|running|alive|connected|logged in|responding)\b/i;
/** Words that say an error where a status begins with them: further on they may be of a price. */
const badStart = /^\W*(?:dead|down|stopped|broken|degraded|unavailable|unreachable)\b/i;

const isBad = (said: string): boolean => badWord.test(said) || notWell.test(said) || badStart.test(said);

/** An object of a stranger may not let itself be made a text. */
const wordOf = (value: unknown): string => (typeof value === 'object' ? '{}' : String(value));
/** Yes or no, as people write it; `undefined`: neither. */
const truthOf = (value: unknown): boolean | undefined => {
  if (/^\s*(?:true|yes|on|1)\s*$/i.test(wordOf(value))) return true;
  return /^\s*(?:false|no|off|0)\s*$/i.test(wordOf(value)) ? false : undefined;
};
/** An error under `error` is anything but these. */
const noError = /^\s*(?:|none|null|false|no|off|0)\s*$/i;

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
  const errors = allOf(way, ['error']).some((value) => isGiven(value) && !noError.test(wordOf(value)));
  return (texts.some(isBad) || reports || errors) && said.indicator !== indicators.error.emoji
    ? normalStatus(`${indicators.error.emoji} ${said.message}`)
    : said;
};

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
  const way = wayTo(document, beat.pointer);
  const statuses = keys.status === undefined ? allOf(way, statusNames) : [at(document, keys.status)];
  const session = truthOf(keys.session === undefined ? first(way, sessionNames) : at(document, keys.session));
  const progress = keys.progress === undefined ? undefined : at(document, keys.progress);
  const pid = keys.pid === undefined ? undefined : at(document, keys.pid);
  // What is not said of the session is not known.
  const { bare, ...record } = timeOnly(beat.time, '');
  return {
    kind: 'beat',
    record: {
      ...record,
      ...statusOf(way, statuses),
      ...(session === undefined ? { bare: true as const } : { sessionActive: session }),
      ...(typeof progress === 'number' || typeof progress === 'string' ? { progress } : {}),
      ...(Number.isSafeInteger(pid) && (pid as number) > 0 ? { pid: pid as number } : {}),
    },
  };
};
