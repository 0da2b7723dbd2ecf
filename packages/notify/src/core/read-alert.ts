import { objectIn } from '@sentinel/heartbeat-core';
import type { AlertRow } from '@sentinel/history';
import type { Card } from './card.ts';
import { describe, toCard } from './describe.ts';
import type { Notification } from './notification.ts';

/** A notification that was written down, in each form that a channel may want. */
export type Alert = {
  /** The same for every try to send it. */
  readonly id: string;
  /** When it happened, in ms since the epoch. */
  readonly at: number;
  /** Its facts, as they were raised. */
  readonly notification: Notification;
  readonly line: string;
  readonly card: Card;
};

const parse = (body: string): Notification => {
  const given = objectIn(body);
  if (given !== null) return given as Notification;
  const text = 'an alert that cannot be read any more';
  return { kind: 'custom', bot: 'sentinel', severity: 'warning', text };
};

/** What stands in for a notification that a fault has spoiled, or whose kind only a newer version knows. */
const standIn = ({ kind, bot }: Notification, fault: unknown): Notification => ({
  kind: 'custom',
  bot: typeof bot === 'string' ? bot : 'sentinel',
  severity: 'warning',
  text: `a notification of the kind ${typeof kind === 'string' ? kind : 'unknown'} whose facts cannot be read (${fault instanceof Error ? fault.name : 'a fault'})`,
});

/**
 * An alert of the journal. One that cannot be read is told as far as it goes, with the name of the fault, and holds up
 * none behind it: this never throws.
 */
export const readAlert = ({ key, at, body }: Omit<AlertRow, 'id'>): Alert => {
  const notification = parse(body);
  const alert = (readable: Notification): Alert => ({
    id: key,
    at,
    notification,
    line: describe(readable),
    card: toCard(readable, at),
  });
  try {
    return alert(notification);
  } catch (fault) {
    return alert(standIn(notification, fault));
  }
};
