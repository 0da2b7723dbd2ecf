import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { foreignFile, isLink, readPlainFile, remedyOf } from '@sentinel/heartbeat-core';
import { type Oddity, oddLines } from '../core/odd-lines.ts';
import { textOf } from '../core/text-of.ts';

/** What a file of settings says, or in one line why it is not used. The line holds no value: it may be a secret. */
export type Settings =
  | {
      readonly kind: 'values';
      readonly values: Readonly<Record<string, string>>;
      /** Lines that do not hold as they stand, each named by its number. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'wrong'; readonly line: string };

const nothing: Settings = { kind: 'values', values: {}, warnings: [] };
const mostNamed = 10;

/**
 * Reads a `.env` file. None is no settings; one that is there and cannot be read is wrong: a program must not come up
 * without its token because of a file that it may not read. As root one that somebody else may write is wrong, too: it names
 * files to write into and programs to run.
 *
 * @example
 * const settings = readEnvFile('.env');
 * if (settings.kind === 'wrong') console.error(settings.line);
 */
export const readEnvFile = (path = '.env'): Settings => {
  const file = resolve(path);
  let bytes: Uint8Array;
  try {
    if (isNull(file)) return nothing;
    const read = readPlainFile(file);
    const foreign = foreignFile(file, read.stats);
    if (foreign !== null) return wrong(foreign);
    bytes = read.bytes;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOTFILE')
      return wrong(`${file} is no file (a pipe, a socket or a device): lay a file of text there`);
    if (code !== 'ENOENT') return wrong(`${file} cannot be read (${code}): ${remedyOf(code)}`);
    return isLink(file)
      ? wrong(`${file} is a link to a file that is not there: mend or remove the link`)
      : nothing;
  }
  const text = textOf(bytes);
  if (text.kind === 'not-text')
    return wrong(`${file} is no UTF-8 text (is it binary, or saved as UTF-16?): save it as UTF-8`);
  const values = parseEnv(text.text) as Record<string, string>;
  const spoiled = Object.keys(values).find((name) => `${name}${values[name]}`.includes('\uFFFD'));
  return spoiled === undefined
    ? { kind: 'values', values, warnings: warningsOf(file, text.text) }
    : wrong(`${file} is not UTF-8 where it sets ${spoiled}: save it as UTF-8`);
};

const oddWords: Readonly<Record<Oddity, string>> = {
  ignored: 'is ignored: it is neither NAME=value (letters, digits, _) nor a # comment',
  cut: 'is read up to its #: put the value in quotes if the # belongs to it, or a space before a comment',
  open: 'has a quote that is not closed: it is read as a part of the value',
  more: 'has more behind its closing quote, which is left out: put all of the value in the quotes',
  twice: 'sets a name that a line above has set: the last one counts, remove the others',
};

const warningsOf = (file: string, text: string): readonly string[] =>
  Object.entries(oddLines(text)).flatMap(([oddity, lines]) => {
    if (lines.length === 0) return [];
    const which = lines.length === 1 ? 'line' : 'each of the lines';
    const more = lines.length > mostNamed ? ' and more' : '';
    return [`${file}: ${which} ${lines.slice(0, mostNamed).join(', ')}${more} ${oddWords[oddity as Oddity]}`];
  });

const wrong = (line: string): Settings => ({ kind: 'wrong', line });

/** What is laid over a file so that it says nothing. */
const isNull = (file: string): boolean => {
  const stats = statSync(file, { throwIfNoEntry: false });
  return (
    stats?.isCharacterDevice() === true &&
    stats.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev
  );
};
