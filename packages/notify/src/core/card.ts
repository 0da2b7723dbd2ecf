import type { Tone } from './severity.ts';

/** A piece of text, or an instant (ms since the epoch) that is shown in the reader's own time zone. */
export type Value = string | { readonly at: number };

/** A message before it has a form: what happened, what is known, what was done, what is to be done. */
export type Card = {
  readonly title: string;
  readonly tone: Tone;
  readonly what?: string;
  readonly facts: readonly (readonly [label: string, value: Value])[];
  /** The last lines of a command. */
  readonly output?: string;
  readonly done?: string;
  readonly next?: string;
  /** Small print: where, when. */
  readonly origin: readonly Value[];
};

/** What a kind adds to the card; the rest is the same for all. */
export type CardBody = Omit<Card, 'tone' | 'origin'>;

type Facts = Card['facts'];

/** A fact that is left out where it is not known. */
export const fact = (label: string, value: Value | number | null | undefined): Facts =>
  value === undefined || value === null || value === ''
    ? []
    : [[label, typeof value === 'number' ? String(value) : value]];

export const instant = (at: number | undefined): Value | undefined => (at === undefined ? undefined : { at });
