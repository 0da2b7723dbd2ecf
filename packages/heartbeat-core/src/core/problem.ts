import { type FormatName, formatWords } from './formats/file-format.ts';
import { mostLevels } from './json.ts';

/** Why a status file gave no beat. Facts only: the words are in {@link explainProblem}. */
export type Problem =
  | { readonly code: 'missing'; readonly file: string; readonly link?: true }
  | { readonly code: 'unreadable'; readonly file: string; readonly cause: string }
  /** This program failed at what stands in it. */
  | { readonly code: 'fault'; readonly file: string; readonly cause: string }
  | { readonly code: 'not-a-file'; readonly file: string }
  | { readonly code: 'too-large'; readonly bytes: number }
  | { readonly code: 'not-utf8' }
  | { readonly code: 'has-nul' }
  | { readonly code: 'empty' }
  | { readonly code: 'no-status' }
  | { readonly code: 'no-timestamp' }
  /** `null`: what stands there looks like no date at all, and is not shown. */
  | { readonly code: 'bad-timestamp'; readonly found: string | null }
  | { readonly code: 'bad-json'; readonly found: string }
  | { readonly code: 'repeated-key'; readonly found: string }
  | { readonly code: 'too-deep' }
  /** It looks like a file of another format than was said. */
  | { readonly code: 'other-format'; readonly format: FormatName }
  /** A JSON document in which no time was found, with the keys that it has. */
  | { readonly code: 'no-time'; readonly keys: readonly string[] }
  /** Which time of a JSON document is that of the beat nobody knows: the likeliest, and the others. */
  | { readonly code: 'unsure-time'; readonly pointer: string; readonly others: readonly string[] }
  /** What a pointer leads to is no time. */
  | { readonly code: 'bad-time'; readonly pointer: string; readonly found: string }
  /** `null`: what stands there looks like none of the kind, and is not shown. */
  | { readonly code: 'not-epoch' | 'not-iso'; readonly found: string | null }
  | { readonly code: 'not-json' }
  | { readonly code: 'bad-field'; readonly field: string; readonly expected: string; readonly found: string };

/**
 * What was expected, what was found, what to do: one line for an operator.
 *
 * @example
 * if (reading.kind !== 'beat') warn(explainProblem(reading.problem));
 */
export const explainProblem = (problem: Problem): string => {
  switch (problem.code) {
    case 'missing':
      if (problem.link)
        return `${problem.file} is a link to a file that is not there: mend or remove the link`;
      return `There is no status file at ${problem.file}: the bot has not written one yet, or writes elsewhere`;
    case 'unreadable':
      return `The status file ${problem.file} cannot be read (${problem.cause}): ${remedyOf(problem.cause)}`;
    case 'fault':
      return `Sentinel failed at the status file ${problem.file} (${problem.cause}): this is a fault of Sentinel, report it with the file`;
    case 'not-a-file':
      return `${problem.file} is not a regular file: remove it, the bot writes a new one`;
    case 'too-large':
      return `The status file has ${problem.bytes} bytes, more than a heartbeat ever has: is the path right?`;
    case 'not-utf8':
      return 'The status file is not UTF-8 text (is it binary, or saved as UTF-16?): let its writer use UTF-8';
    case 'has-nul':
      return 'The status file holds NUL bytes: its writer was cut off, or the disk lost what was written';
    case 'empty':
      return 'The status file is empty: its writer truncates before it writes, or died in between; if the bot only touches the file, set --format touch';
    case 'no-status':
      return 'Line 1 of the status file, the status, is empty: its writer must give a message';
    case 'no-timestamp':
      return 'Line 2 of the status file, the timestamp, is missing: its writer was cut off, or the file has another format: set --format (touch if only its time counts, log for a log)';
    case 'bad-timestamp':
      return `Line 2 of the status file is no ISO 8601 timestamp: found ${quoted(problem.found)}; write it like 2023-06-15T14:30:45.123456, or set --format (touch if only the time of the file counts, log for a log)`;
    case 'bad-json':
      return `Line 3 of the status file is no JSON object: found ${JSON.stringify(problem.found)}; write it like {"session_active": true}`;
    case 'other-format':
      return `The file holds ${formatWords[problem.format]}: set --format ${problem.format} (\`format\` in the config file)`;
    case 'no-time':
      return `The JSON has no time (its keys: ${problem.keys.join(', ') || 'none'}): let its writer add a "timestamp", or set --format touch if only the time of the file counts`;
    case 'unsure-time':
      return `It is not sure which time of the JSON is that of the beat (${[problem.pointer, ...problem.others].join(', ')}). The newest is ${problem.pointer}: if each beat changes it, set --format json:time=${problem.pointer}`;
    case 'bad-time':
      return `The JSON: expected ${problem.pointer} to be an ISO 8601 timestamp or a number since 1970, found ${problem.found}`;
    case 'not-epoch':
      return `The file does not hold one number of seconds, ms, us or ns since 1970: found ${quoted(problem.found)}`;
    case 'not-iso':
      return `The file does not hold one ISO 8601 timestamp: found ${quoted(problem.found)}`;
    case 'not-json':
      return 'The file does not hold one JSON object: its writer was cut off, or it has another format';
    case 'repeated-key':
      return `The JSON of the status file has a key twice: found ${JSON.stringify(problem.found)}; write each key once`;
    case 'too-deep':
      return `The JSON of the status file is nested too deep (${mostLevels} levels of [ and { at most): let its writer leave the inner ones out`;
    case 'bad-field':
      return `Line 3 of the status file: expected ${problem.field} to be ${problem.expected}, found ${problem.found}`;
  }
};

const quoted = (found: string | null): string => (found === null ? 'a text' : JSON.stringify(found));

/**
 * What to do about a file that is there and cannot be read, by the code of the error.
 *
 * @example
 * warn(`.env cannot be read: ${remedyOf('EACCES')}`);
 */
export const remedyOf = (code: string): string => {
  switch (code) {
    case 'EMFILE':
      return 'too many open files, raise the limit of the process (ulimit -n)';
    case 'ENFILE':
      return 'too many open files on this machine';
    case 'EISDIR':
      return 'it is a folder, give the path of a file';
    case 'ENOTDIR':
      return 'a part of its path is a file, is the path right?';
    case 'ELOOP':
      return 'its links lead in a circle, mend them';
    case 'ENAMETOOLONG':
      return 'its path is too long';
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return 'the disk or its mount fails, look at it';
    case 'FOREIGN_LINK':
      return 'a link of another user leads to a file of somebody else, remove that link, or let the owner of the file make it';
    case 'EACCES':
    case 'EPERM':
      return 'check its owner and permissions, and those of its folders';
    default:
      return 'look at what the error means, and at the file';
  }
};
