import { strikable, strike } from './redact.ts';
import { formsOf } from './secret-forms.ts';

/** What a terminal is coloured and steered with: removed whole, so that no rest of it stays in the text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const sequences = /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]/g;
/** What a terminal or an editor may take for the end of a line, and is none of ours. */
const lineBreaks = /\r\n/g;
/**
 * DEL, C1, the other line breaks of Unicode, what nobody sees, what turns the direction of a text, and what every font and
 * terminal may show as it likes: private use, and what has no meaning yet (as far as this Node knows Unicode).
 */
const unseen =
  '\\x7F-\\x9F\\xAD\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180E\\u200B\\u200C\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\u{E0000}-\\u{E01EF}\\p{Co}\\p{Cn}';
/** A joiner stays where it makes one emoji of several. */
const joiner = '\\u200D(?!\\p{Extended_Pictographic})';
/** With C0, but for tabs and line breaks. */
const controls = new RegExp(`[\\0-\\x08\\v-\\x1F${unseen}]|${joiner}`, 'gu');
/** The same with tabs and line breaks. */
const breaks = new RegExp(`[\\0-\\x1F${unseen}]+|${joiner}`, 'gu');

/** A text without anything that steers a terminal, and of one line: a break becomes a space. */
export const oneLine = (text: string): string => text.toWellFormed().replace(breaks, ' ').trim();

const printable = (text: string): string =>
  text.toWellFormed().replace(sequences, '').replace(lineBreaks, '\n').replace(controls, ' ');

/**
 * What every text goes through before a person sees it: nothing in it steers a terminal, and no secret stands in it.
 * Line breaks stay.
 *
 * @param secrets as {@link redact} takes them; also found as {@link formsOf} says.
 * @example
 * const clean = createCleaner(secretsIn({ BULENOX_PASSWORD: 'hunter22' }));
 * clean('signed in with hunter22'); // 'signed in with [redacted]'
 */
export const createCleaner = (secrets: readonly string[] = []): ((text: string) => string) => {
  const known = strikable([...new Set(secrets.flatMap(formsOf))]);
  return (text) => strike(printable(text), known);
};

/**
 * The same value with every text in it, at any depth, gone through `clean`. The names of its parts stay.
 *
 * @example
 * cleanTexts({ status: 'signed in with hunter22' }, createCleaner(['hunter22'])); // { status: 'signed in with [redacted]' }
 */
export const cleanTexts = <T>(value: T, clean: (text: string) => string): T => {
  if (typeof value === 'string') return clean(value) as T;
  if (Array.isArray(value)) return value.map((one) => cleanTexts(one, clean)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, cleanTexts(one, clean)]);
  return Object.fromEntries(entries) as T;
};
