import { strikable, strike } from './redact.ts';
import { formsOf } from './secret-forms.ts';
import type { StatusRecord } from './status-record.ts';

/** What callers fill. Which process beats is no text of theirs, and custody goes by it. */
type Said = Partial<
  Pick<
    StatusRecord,
    'source' | 'progress' | 'halted' | 'needsPerson' | 'exposure' | 'feeds' | 'expect' | 'status'
  >
>;

const inAll = (value: unknown, clean: (text: string) => string): unknown => {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((each) => inAll(each, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [clean(key), inAll(each, clean)]));
};

/**
 * Takes secrets out of everything that a beat says, names of feeds too. Without secrets nothing is looked at: a beat is to
 * cost nothing.
 */
export const strikerOf = (secrets: unknown): (<Given extends Said>(said: Given) => Given) => {
  const given = typeof secrets === 'string' ? [secrets] : secrets;
  const texts = Array.isArray(given) ? given.filter((each) => typeof each === 'string') : [];
  const known = strikable([...new Set(texts.flatMap(formsOf))]);
  if (known.length === 0) return (said) => said;
  return (said) =>
    Object.fromEntries(
      Object.entries(said).map(([key, value]) => [key, inAll(value, (text) => strike(text, known))]),
    ) as typeof said;
};
