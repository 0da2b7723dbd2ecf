import type { Card, Value } from './card.ts';
import { plainValue } from './text.ts';

/** The card as lines of text: the same that the blocks say. `show` gives instants their form. */
export const plainText = (card: Card, show: (value: Value) => string = plainValue): string =>
  [
    show(card.title),
    ...(card.what === undefined ? [] : [show(card.what)]),
    ...card.facts.map(([label, value]) => `${show(label)}: ${show(value)}`),
    ...(card.output === undefined ? [] : [`Output: ${show(card.output)}`]),
    ...(card.done === undefined ? [] : [`Done: ${show(card.done)}`]),
    ...(card.next === undefined ? [] : [`Next: ${show(card.next)}`]),
    card.origin.map(show).join(' · '),
  ].join('\n');
