import type { Severity } from './notification.ts';

/** How a card looks: `good` is the end of something bad. */
export type Tone = 'bad' | 'warning' | 'good' | 'neutral';

/** A piece of text, or an instant (ms since the epoch, from 1970 to 9999) that is shown in the reader's own time zone. */
export type Value = string | { readonly at: number };

/** A notification as every channel can show it: what happened, what is known, what was done, what is to be done. */
export type Card = {
  readonly title: string;
  readonly severity: Severity;
  readonly tone: Tone;
  /** What happened, in a sentence or two. */
  readonly text?: string | undefined;
  readonly facts: readonly (readonly [label: string, value: Value])[];
  /** The last lines that a command printed. */
  readonly output?: string | undefined;
  /** What Sentinel did. */
  readonly done?: string | undefined;
  /** What a person is to do. */
  readonly next?: string | undefined;
  /** Where the page shows more. */
  readonly link?: string | undefined;
  /** Small print: which bot, where, when. */
  readonly origin: readonly Value[];
};

const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

export const plainValue = (value: Value): string => (typeof value === 'string' ? value : utc(value.at));

export type Show = {
  readonly text: (text: string) => string;
  readonly label: (text: string) => string;
  readonly value: (value: Value) => string;
  readonly output: (text: string) => string;
  readonly step: (text: string) => string;
  readonly link: (address: string) => string;
};

const asItIs = (text: string) => text;
const plain: Show = {
  text: asItIs,
  label: asItIs,
  value: plainValue,
  output: asItIs,
  step: asItIs,
  link: asItIs,
};

export const plainText = (card: Card, show: Show = plain): string =>
  [
    show.text(card.title),
    ...(card.text === undefined ? [] : [show.text(card.text)]),
    ...card.facts.map(([label, value]) => `${show.label(label)}: ${show.value(value)}`),
    ...(card.output === undefined
      ? []
      : [`Output:${card.output.includes('\n') ? '\n' : ' '}${show.output(card.output)}`]),
    ...(card.done === undefined ? [] : [`Done: ${show.step(card.done)}`]),
    ...(card.next === undefined ? [] : [`Next: ${show.step(card.next)}`]),
    ...(card.link === undefined ? [] : [`Page: ${show.link(card.link)}`]),
    card.origin.map(show.value).join(' · '),
  ].join('\n');
