import type { Card, Value } from './card.ts';

/** An instant that a person can be shown: from 1970 to the year 9999. */
export const isInstant = (at: number) => at >= 0 && at < 253_402_300_800_000;

const utc = (at: number): string =>
  isInstant(at) ? `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC` : 'an unknown time';

/** A value in plain text. */
export const plainValue = (value: Value): string => (typeof value === 'string' ? value : utc(value.at));

/** Gives each part of a card its form. */
export type Show = {
  readonly what: (text: string) => string;
  readonly label: (text: string) => string;
  readonly value: (value: Value) => string;
  readonly output: (text: string) => string;
  readonly step: (text: string) => string;
};

const asItIs = (text: string) => text;
const plain: Show = { what: asItIs, label: asItIs, value: plainValue, output: asItIs, step: asItIs };

/** The card as lines of text: the same that the blocks say. */
export const plainText = (card: Card, show: Show = plain): string =>
  [
    show.what(card.title),
    ...(card.what === undefined ? [] : [show.what(card.what)]),
    ...card.facts.map(([label, value]) => `${show.label(label)}: ${show.value(value)}`),
    ...(card.output === undefined ? [] : [`Output: ${show.output(card.output)}`]),
    ...(card.done === undefined ? [] : [`Done: ${show.step(card.done)}`]),
    ...(card.next === undefined ? [] : [`Next: ${show.step(card.next)}`]),
    card.origin.map(show.value).join(' · '),
  ].join('\n');
