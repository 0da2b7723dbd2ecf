import type { Batch } from '@sentinel/history';
import { cardMessage, type Payload } from './blocks.ts';
import type { Card } from './card.ts';
import type { Channel } from './channel.ts';
import { describe } from './describe.ts';
import type { Notification } from './notification.ts';
import { plainText } from './plain-text.ts';
import { summaryMessage } from './summary.ts';
import { toCard } from './to-card.ts';

/** An alert as it was written down. What cannot be read any more is still told, as far as it goes. */
export const parseAlert = (body: string): Notification => {
  try {
    return JSON.parse(body) as Notification;
  } catch {
    return {
      kind: 'custom',
      bot: 'sentinel',
      severity: 'warning',
      text: 'an alert that cannot be read any more',
    };
  }
};

/** The card of an alert; one that a fault has spoiled is told as far as it goes, and holds up none behind it. */
const cardOf = (notification: Notification, at: number): Card => {
  try {
    return toCard(notification, at);
  } catch {
    return toCard(spoiled(notification), at);
  }
};

const spoiled = ({ kind, bot }: Notification): Notification => ({
  kind: 'custom',
  bot: String(bot),
  severity: 'warning',
  text: `a notification of the kind ${kind} whose facts cannot be read`,
});

/** An alert in one line, as {@link describe} gives it; never throws. */
export const describeAlert = (body: string): string => {
  const notification = parseAlert(body);
  try {
    return describe(notification);
  } catch {
    return describe(spoiled(notification));
  }
};

/** For a try that follows one of which nobody knows whether it arrived. */
const mayBeDouble = 'may have come before: an earlier try was not answered';

/** The message for a batch, in the form of the channel. `double`: it may have been sent before. */
export const payloadOf = ({ alerts, key }: Batch, kind: Channel['kind'], double = false): Payload => {
  const told = alerts.map(({ key: id, at, body }) => {
    return { id, at, line: describeAlert(body), notification: parseAlert(body) };
  });
  const mark = double ? mayBeDouble : undefined;
  const [first] = told;
  if (kind === 'json')
    return {
      id: key,
      text: told.map(({ notification, at }) => plainText(cardOf(notification, at))).join('\n\n'),
      may_be_double: double,
      notifications: told.map(({ id, at, notification }) => ({
        ...notification,
        id,
        at: new Date(at).toISOString(),
      })),
    };
  return told.length === 1 && first !== undefined
    ? cardMessage(cardOf(first.notification, first.at), mark)
    : summaryMessage(told, mark);
};

/** The same as text alone. */
export const plainPayload = ({ text }: Payload): Payload => ({ text });
