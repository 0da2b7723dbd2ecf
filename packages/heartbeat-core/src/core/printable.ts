import { redact } from './redact.ts';

/** What a terminal is coloured and steered with: removed whole, so that no rest of it stays in the text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const sequences = /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]/g;
const lineBreaks = /\r\n?|[\u0085\u2028\u2029]/g;
/** C0, DEL, C1 and what turns the direction of a text, but for tabs and line breaks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;
/** The same with tabs and line breaks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const breaks = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]+/g;

/** A text without anything that steers a terminal, and of one line: a break becomes a space. */
export const oneLine = (text: string): string => text.toWellFormed().replace(breaks, ' ').trim();

const printable = (text: string): string =>
  text.toWellFormed().replace(sequences, '').replace(lineBreaks, '\n').replace(controls, ' ');

/**
 * What every text goes through before a person sees it: nothing in it steers a terminal, and no secret stands in it.
 * Line breaks stay.
 *
 * @param secrets as {@link redact} takes them; also found where they are URL-encoded.
 * @example
 * const clean = createCleaner(secretsIn({ BULENOX_PASSWORD: 'hunter22' }));
 * clean('signed in with hunter22'); // 'signed in with [redacted]'
 */
export const createCleaner = (secrets: readonly string[] = []): ((text: string) => string) => {
  const known = [
    ...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])),
  ];
  return (text) => redact(printable(text), known);
};

const secretName =
  /(?:PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?|COOKIE)$|(?:WEBHOOK|PING)_URL(?:_CRITICAL)?$/i;

/** The values of an environment that are secrets, by their names. */
export const secretsIn = (environment: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value !== '' && secretName.test(name) ? [value] : [],
  );
