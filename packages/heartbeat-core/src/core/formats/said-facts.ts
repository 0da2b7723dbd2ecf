import { type BeatFacts, parseFacts } from '../beat-facts.ts';
import { oneLine } from '../printable.ts';
import type { StatusRecord } from '../status-record.ts';

/** An object of a stranger may not let itself be made a text. */
export const wordOf = (value: unknown): string => (typeof value === 'object' ? '{}' : String(value));
/** Yes or no, as people write it; `undefined`: neither. */
export const truthOf = (value: unknown): boolean | undefined => {
  if (/^\s*(?:true|yes|on|1)\s*$/i.test(wordOf(value))) return true;
  return /^\s*(?:false|no|off|0)\s*$/i.test(wordOf(value)) ? false : undefined;
};

/** In characters. */
const mostReason = 500;
const saysNone = /^\s*(?:|none|null|nil|undefined|false|no|off|0|\{\}|\[\])\s*$/i;

/** Why, as a stranger says it: any value but one that says no. `undefined`: it is not so. */
export const reasonOf = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  const said = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (saysNone.test(said)) return undefined;
  return truthOf(value) === true ? 'no reason given' : oneLine(said.slice(0, mostReason));
};

type Said = BeatFacts & Pick<Partial<StatusRecord>, 'halted' | 'needsPerson'>;

export const reasons = (halted: unknown, needsPerson: unknown): Said => {
  const found = { halted: reasonOf(halted), needsPerson: reasonOf(needsPerson) };
  return {
    ...(found.halted === undefined ? {} : { halted: found.halted }),
    ...(found.needsPerson === undefined ? {} : { needsPerson: found.needsPerson }),
  };
};

/** The facts of line 3 that a document of another form has in the same words. Of a stranger's other keys nothing is shown. */
export const factsIn = (document: Readonly<Record<string, unknown>>): BeatFacts => {
  const { exposure, feeds, expect } = document;
  const { others, ...facts } = parseFacts({ exposure, feeds, expect }, new Set());
  return facts;
};

/** `halted="daily loss limit" needs_person=2FA` in a line of a log: a value without quotes ends before the next key. */
const pair =
  /(?<![\w.])(halted|needs_?person)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"',;|\])}][^,;|\])}]*?)(?=\s+[\w.]+=|\s*$|[,;|\])}]))/gi;
/** In characters. */
const mostLine = 2000;

export const reasonsInLine = (line: string): Said => {
  const found = new Map<string, string>();
  for (const [, key = '', ...values] of line.slice(0, mostLine).matchAll(pair))
    found.set(key.toLowerCase().replace('_', ''), values.find((value) => value !== undefined) ?? '');
  return reasons(found.get('halted'), found.get('needsperson'));
};
