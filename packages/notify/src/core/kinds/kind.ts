import type { Card, Tone, Value } from '../card.ts';
import type { Severity } from '../notification.ts';

/** How loud a notification is, how it looks and whom it reaches. */
export type Rank = {
  readonly severity: Severity;
  readonly tone: Tone;
  /** Whom it reaches, where that is not its own severity: who heard of an outage must hear of its end. */
  readonly reaches?: Severity;
};

/** A reason that stands for itself begins as a sentence does. */
export const sentence = (reason: string): string => `${reason[0]?.toUpperCase() ?? ''}${reason.slice(1)}`;

export const info: Rank = { severity: 'info', tone: 'neutral' };
export const good: Rank = { severity: 'info', tone: 'good' };
export const warning: Rank = { severity: 'warning', tone: 'warning' };
export const critical: Rank = { severity: 'critical', tone: 'bad' };
export const endOfCritical: Rank = { ...good, reaches: 'critical' };

/** What a kind adds to the card. What is the same for all kinds is added in `describe.ts`: incident, command, origin. */
export type CardBody = Pick<Card, 'title' | 'text' | 'done' | 'next'> & {
  /** By their labels; as a list where the labels are not ours. One whose value is not known is left out. */
  readonly facts?: Readonly<Record<string, Fact>> | readonly (readonly [label: string, value: Fact])[];
};

type Fact = Value | number | null | undefined;

export type Kind<N> = {
  readonly rank: Rank | ((notification: N) => Rank);
  /** One line of plain text: for logs, the journal and summaries. */
  readonly line: (notification: N) => string;
  readonly card: (notification: N) => CardBody;
  /** It belongs to an outage, and is written into the open incident. */
  readonly ofIncident?: true;
};

/** One row for each kind: the compiler asks for all of them. */
export type Kinds<N extends { readonly kind: string }> = {
  readonly [K in N['kind']]: Kind<N & { readonly kind: K }>;
};
