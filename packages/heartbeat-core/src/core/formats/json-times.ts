import { isObject } from '../json.ts';
import { instantOf, readTimestamp } from '../timestamp.ts';
import { epochMs } from './epoch.ts';

type Document = Readonly<Record<string, unknown>>;

/** A time in a document: where, when (ms since the epoch), and how likely it is that of the beat. */
type FoundTime = { readonly pointer: string; readonly time: number; readonly rank: 0 | 1 | 2 };

/** Times of one document further apart than this are not the same one, in ms. */
const sameMs = 2000;
/** What lies further ahead of the file's own time was not written of now, in ms. */
const aheadMs = 60_000;
const mostDeep = 4;

/** Names of the time of a sign of life. They are compared without case, `_` and `-`. */
const usual =
  /^((last)?(heartbeat|beat|updated?|seen|loop|tick|ping)(at|ts|time|timestamp)?|timestamp|time|ts|datetime)$/;
/** Names that may mean that too. They count where no usual one is. */
const possible =
  /^((last|latest)?(heartbeat|hb|beat|update|updated|seen|alive|active|activity|loop|tick|ping|run|cycle|iteration|poll|check|checked|process|processed|refresh|refreshed)?(at|ts|time|timestamp|date|ms|iso|utc|epoch|unix|now)*|last|latest)$/;
/** Objects whose time is that of the whole bot. That of an order or of a feed says nothing of it. */
const ofBot =
  /^(bot|heartbeat|hb|status|state|health|data|meta|info|process|worker|app|service|system|main|loop)$/;

/** The objects of a document that say something of the whole bot, and are in its first level. */
export const ofBotIn = (document: Document): readonly Document[] =>
  Object.entries(document).flatMap(([key, value]) =>
    ofBot.test(plain(key)) && isObject(value) ? [value] : [],
  );

const plain = (key: string): string => key.replace(/[_-]/g, '').toLowerCase();

/** Python's `time.time()` has more digits than a number of JavaScript keeps: what is behind the ms is not needed. */
const decimal = (value: number): string => (value < 1e11 ? value.toFixed(3) : String(Math.floor(value)));

export const timeOf = (value: unknown, timeZone: string | undefined): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? epochMs(decimal(value)) : null;
  if (typeof value !== 'string') return null;
  const written = readTimestamp(value.trim());
  return written === null ? epochMs(value) : instantOf(written, timeZone);
};

const rankOf = (key: string, depth: number, isOfBot: boolean): FoundTime['rank'] => {
  const name = plain(key);
  if (!isOfBot || !possible.test(name)) return 2;
  return depth === 0 && usual.test(name) ? 0 : 1;
};

/** All times of a document. A key with other signs would have to be escaped, for the pointer and for the shell. */
const timesIn = (
  document: Document,
  timeZone: string | undefined,
  above = '',
  depth = 0,
  isOfBot = true,
): readonly FoundTime[] =>
  Object.entries(document)
    .slice(0, 100)
    .flatMap(([key, value]): readonly FoundTime[] => {
      const isPlain = /^[\w-]{1,40}$/.test(key);
      const time = timeOf(value, timeZone);
      const pointer = `${above}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (time !== null) {
        const rank = rankOf(key, depth, isOfBot);
        return isPlain || rank < 2 ? [{ pointer, time, rank }] : [];
      }
      return isObject(value) && isPlain && depth < mostDeep
        ? timesIn(value, timeZone, pointer, depth + 1, isOfBot && ofBot.test(plain(key)))
        : [];
    });

const newestOf = (times: readonly FoundTime[]): FoundTime | undefined =>
  times.toSorted((one, other) => other.time - one.time)[0];

/** What is known of the time of the beat: which it is, or which may be meant, the likeliest first. */
export type BeatTime = { readonly found: FoundTime } | { readonly maybe: readonly FoundTime[] };

/**
 * Finds when a document says that it beat: under a usual name, else where only one of its times can be that. Where several
 * differ nobody knows which one is meant: the newest that is not ahead of the file is the likeliest.
 */
export const beatTimeIn = (document: Document, timeZone: string | undefined, mtimeMs: number): BeatTime => {
  const all = timesIn(document, timeZone);
  const best = ([0, 1] as const)
    .map((rank) => all.filter((each) => each.rank === rank))
    .find(({ length }) => length > 0);
  const newest = newestOf(best ?? []);
  if (newest !== undefined && best?.every(({ time }) => newest.time - time <= sameMs))
    return { found: newest };
  const past = all.filter(({ time }) => !(mtimeMs > 0) || time <= mtimeMs + aheadMs);
  const likeliest = newestOf(past);
  return { maybe: likeliest === undefined ? [] : [likeliest, ...past.filter((each) => each !== likeliest)] };
};
