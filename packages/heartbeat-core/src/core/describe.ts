import { oneLine } from './printable.ts';

const longest = 40;

/** A value from a status file, short enough for a message. Never recurses: a hostile file may nest without end. */
export const describeValue = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(excerpt(value)) : String(value);
};

export const excerpt = (line: string): string => oneLine(line.slice(0, longest));
