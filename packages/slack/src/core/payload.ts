import type { Batch } from '@sentinel/history';
import { plainText, readAlert } from '@sentinel/notify';
import { cardMessage, type Payload } from './blocks.ts';
import type { Channel } from './channel.ts';
import { summaryMessage } from './summary.ts';
import { limits } from './text.ts';

/** For a try that follows one of which nobody knows whether it arrived. */
const mayBeDouble = 'may have come before: an earlier try was not answered';

/** The message for a batch, in the form of the channel. `double`: it may have been sent before. */
export const payloadOf = (batch: Batch, kind: Channel['kind'], double = false): Payload => {
  const alerts = batch.alerts.map(readAlert);
  const mark = double ? mayBeDouble : undefined;
  const [first] = alerts;
  if (kind === 'json')
    return {
      id: batch.key,
      text: alerts.map(({ card }) => plainText(card)).join('\n\n'),
      may_be_double: double,
      notifications: alerts.map(({ id, at, notification }) => ({
        ...notification,
        id,
        at: new Date(at).toISOString(),
      })),
    };
  return alerts.length === 1 && first !== undefined
    ? cardMessage(first.card, mark)
    : summaryMessage(alerts, mark);
};

/** The same as text alone, which says why it comes so. */
export const plainPayload = ({ text }: Payload, refusal: string): Payload => ({
  text: `${text.slice(0, limits.text - 200)}\n(sent as plain text: its usual form was refused, ${refusal})`,
});
