import { plainValue, type Value } from '@sentinel/notify';

/** What Slack takes at most, in characters after escaping. */
export const limits = {
  header: 150,
  section: 3000,
  field: 2000,
  fields: 10,
  blocks: 50,
  text: 40_000,
} as const;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const unreadable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E007F}]|\u200d(?!\p{Extended_Pictographic})/gu;

// Slack refuses an empty text, and control characters say nothing to a reader.
const readable = (text: string): string => {
  const clean = text.toWellFormed().replace(unreadable, ' ').trim();
  return clean === '' ? '—' : clean;
};

/** The text as Slack takes it: escaped, and cut to `most` characters with an ellipsis, never within a character. */
export const slackText = (text: string, most: number): string => {
  const clean = readable(text);
  let escaped = '';
  let end = 0;
  for (const character of clean) {
    escaped += escapes[character] ?? character;
    if (escaped.length <= most - 1) end = escaped.length;
    if (escaped.length > most) return `${escaped.slice(0, end)}…`;
  }
  return escaped;
};

/** The end of a text as Slack takes it: what a command printed last says most. */
export const slackTail = (text: string, most: number): string => {
  const characters = [...readable(text)].map((character) => escapes[character] ?? character);
  let start = characters.length;
  let length = 0;
  while (start > 0) {
    length += characters[start - 1]?.length ?? 0;
    // One is left for the ellipsis.
    if (length > most - 1) break;
    start -= 1;
  }
  const tail = characters.slice(start).join('');
  return start === 0 ? tail : `…${tail}`;
};

/** A value as Slack shows it: instants in the reader's zone, and in UTC where a client cannot. */
export const slackValue = (value: Value, most: number): string => {
  if (typeof value === 'string') return slackText(value, most);
  return `<!date^${Math.floor(value.at / 1000)}^{date_short_pretty} at {time_secs}|${plainValue(value)}>`;
};
