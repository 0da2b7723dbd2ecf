import { parseStatusFile } from '../parse.ts';
import { parseJsonObject } from '../parse-json.ts';
import { readTimestamp } from '../timestamp.ts';
import { epochMs } from './epoch.ts';
import type { FormatName } from './file-format.ts';

const logLine = /^\W{0,3}\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/;
/** A first line that goes on after its date is no status: a status begins with its words. */
const wordedLogLine = new RegExp(`${logLine.source}\\S*\\s.*\\p{L}`, 'u');

/** Which format a file may have that is not read as the one that was said; `null`: it looks like none. */
export const guessFormat = (text: string): Exclude<FormatName, 'touch'> | null => {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (epochMs(trimmed) !== null) return 'epoch';
  if (readTimestamp(trimmed) !== null) return 'iso';
  if (isObject(trimmed)) return 'json';
  if (parseStatusFile(text).kind === 'beat') return 'sentinel';
  const lines = trimmed.split('\n', 20);
  // Objects, one a line.
  if (lines.length > 1 && lines.every(isObject)) return 'log';
  // A second line that is a timestamp alone belongs to a status file.
  return lines.every((line) => logLine.test(line)) && wordedLogLine.test(lines.at(-1) ?? '') ? 'log' : null;
};

const isObject = (line: string): boolean => {
  const text = line.trim();
  return text.startsWith('{') && text.endsWith('}') && parseJsonObject(text).kind !== 'none';
};
