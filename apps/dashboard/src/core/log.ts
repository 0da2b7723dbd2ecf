import type { Heard } from './model.ts';
import type { LogItem } from './wire.ts';

/** Entries that the page saw itself carry this in front of their id: there may be no journal to tell them. */
const seenHere = 'seen-';
/** The journal may note a change this much before or after the page saw it. */
const sameWithinMs = 5_000;

/** How much an entry is worth: the journal's has a number as its id, the API's live one has not, the page's own least. */
const worth = ({ id }: LogItem): number => (/^\d+$/.test(id) ? 2 : id.startsWith(seenHere) ? 0 : 1);

/** What the log has to say when a bot's status changes under the page's eyes. */
export const seenChange = (before: Heard | undefined, { status, at }: Heard): LogItem | null => {
  const changed =
    before !== undefined && (before.status.status !== status.status || before.status.state !== status.state);
  if (!changed) return null;
  const { bot, state, status: text, ageSeconds } = status;
  return { id: `${seenHere}${at.wall}-${at.mono}`, bot, at: at.wall, state, status: text, ageSeconds };
};

/** Newest first, each change once: the journal's entry replaces what was told live of it, and that what the page saw. */
export const mergeLog = (one: readonly LogItem[], other: readonly LogItem[]): readonly LogItem[] => {
  const all = [...new Map([...one, ...other].map((item) => [item.id, item])).values()];
  const journal = all.filter((item) => worth(item) === 2);
  const live = all.filter((item) => worth(item) === 1 && !isTold(item, journal));
  const seen = all.filter((item) => worth(item) === 0 && !isTold(item, [...journal, ...live]));
  return [...journal, ...live, ...seen].sort(
    (a, b) => b.at - a.at || b.id.localeCompare(a.id, 'en', { numeric: true }),
  );
};

const isTold = (item: LogItem, by: readonly LogItem[]): boolean =>
  by.some(
    ({ at, state, status }) =>
      status === item.status && state === item.state && Math.abs(at - item.at) < sameWithinMs,
  );
