import type { Batch } from '@sentinel/history';
import { describe, type Notification, plainText, toCard } from '@sentinel/notify';
import { cardMessage, type Payload } from './blocks.ts';
import type { Channel } from './channel.ts';
import { summaryMessage } from './summary.ts';
import { limits } from './text.ts';

/** An alert as it was written down. What cannot be read any more is still told, as far as it goes. */
const parseAlert = (body: string): Notification => {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return typeof given === 'object' && given !== null
    ? (given as Notification)
    : {
        kind: 'custom',
        bot: 'sentinel',
        severity: 'warning',
        text: 'an alert that cannot be read any more',
      };
};

/**
 * A notification in some form. One that a fault has spoiled, or whose kind only a newer version knows, is told as far
 * as it goes and with the name of the fault, and holds up none behind it.
 */
const inForm = <T>(notification: Notification, form: (readable: Notification) => T): T => {
  try {
    return form(notification);
  } catch (error) {
    return form(spoiled(notification, error));
  }
};

const spoiled = ({ kind, bot }: Notification, fault: unknown): Notification => ({
  kind: 'custom',
  bot: typeof bot === 'string' ? bot : 'sentinel',
  severity: 'warning',
  text: `a notification of the kind ${typeof kind === 'string' ? kind : 'unknown'} whose facts cannot be read (${fault instanceof Error ? fault.name : 'a fault'})`,
});

/** An alert in one line, as {@link describe} gives it; never throws. */
export const describeAlert = (body: string): string => inForm(parseAlert(body), describe);

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
      text: told
        .map(({ notification, at }) => inForm(notification, (readable) => plainText(toCard(readable, at))))
        .join('\n\n'),
      may_be_double: double,
      notifications: told.map(({ id, at, notification }) => ({
        ...notification,
        id,
        at: new Date(at).toISOString(),
      })),
    };
  return told.length === 1 && first !== undefined
    ? inForm(first.notification, (readable) => cardMessage(toCard(readable, first.at), mark))
    : summaryMessage(told, mark);
};

/** The same as text alone, which says why it comes so. */
export const plainPayload = ({ text }: Payload, refusal: string): Payload => ({
  text: `${text.slice(0, limits.text - 200)}\n(sent as plain text: its usual form was refused, ${refusal})`,
});
