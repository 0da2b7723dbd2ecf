import type { Batch } from '../core/channel.ts';
import type { Alert } from '../core/read-alert.ts';

/** One alert in the names of CloudEvents 1.0. Its id is the same however often it is sent. */
const eventOf = ({ id, at, notification, card, line }: Alert, mayBeDouble: boolean) => {
  const { kind, bot, incident } = notification;
  return {
    specversion: '1.0',
    id,
    source: `/sentinel/bots/${encodeURIComponent(bot)}`,
    type: `sentinel.${kind}`,
    ...(incident === undefined ? {} : { subject: incident }),
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    severity: card.severity,
    data: { text: line, may_be_double: mayBeDouble, ...notification },
  };
};

/** A batch as CloudEvents: one as itself, several as a batch, with the type that says which. */
export const cloudEvents = ({
  alerts,
  mayBeDouble,
}: Batch): { readonly type: string; readonly body: object } => {
  const events = alerts.map((alert) => eventOf(alert, mayBeDouble));
  const [first] = events;
  return events.length === 1 && first !== undefined
    ? { type: 'application/cloudevents+json', body: first }
    : { type: 'application/cloudevents-batch+json', body: events };
};
