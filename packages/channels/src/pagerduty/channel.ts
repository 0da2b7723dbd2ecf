import {
  type Alert,
  alarmOf,
  type Batch,
  type ChannelKind,
  type Dialect,
  type HttpAnswer,
  objectIn,
  plainText,
  postJson,
  type SendOutcome,
  saidIn,
  webhook,
} from '@sentinel/notify';
import type * as Zod from 'zod';
import { outcomeInItsWords } from '../answer.ts';

/** An integration of the kind Events API v2 of a service in PagerDuty. */
export type PagerDutyOptions = {
  /** The integration's key, 32 letters and digits. A secret. */
  readonly key: string;
  /** Default: `https://events.pagerduty.com`. In the EU `https://events.eu.pagerduty.com`. */
  readonly server?: string | undefined;
};

/** What PagerDuty takes (Events API v2), in characters; a whole event may have 512 KB. */
const most = { summary: 1024, key: 255, text: 20_000 } as const;

const dialect: Dialect = {
  whose: "PagerDuty's",
  takes: (text) => objectIn(text)?.status === 'success',
  refuses: (text) => typeof objectIn(text)?.status === 'string',
};

const shortened = (text: string, length: number): string => text.slice(0, length).toWellFormed();

const payloadOf = ({ at, notification, card }: Alert, { mayBeDouble, refusal }: Batch) => ({
  summary: shortened(card.title, most.summary),
  source: notification.host ?? notification.bot,
  severity: card.severity,
  timestamp: new Date(at).toISOString(),
  component: notification.bot,
  class: notification.kind,
  // What was refused once is sent without its details.
  ...(refusal === null
    ? { custom_details: { text: shortened(plainText(card), most.text), may_be_double: mayBeDouble } }
    : {}),
});

/** Who says so, with a link to the page. */
const client = ({ card: { link } }: Alert) => ({
  client: 'Sentinel',
  ...(link === undefined ? {} : { client_url: link }),
});

/** One event under the key of its alarm: however often it comes, it is one incident of PagerDuty. */
const eventOf = (alert: Alert, batch: Batch, { key }: PagerDutyOptions) => {
  const alarm = alarmOf(alert.notification, alert.id);
  const common = { routing_key: key, dedup_key: (alarm?.key ?? alert.id).slice(0, most.key) };
  if (alarm?.state === 'closed') return { ...common, event_action: 'resolve' };
  return alarm?.state === 'acknowledged'
    ? { ...common, event_action: 'acknowledge' }
    : { ...common, event_action: 'trigger', payload: payloadOf(alert, batch), ...client(alert) };
};

/** A key that PagerDuty does not know is refused as an event that is wrong. */
const asItSays = (answer: HttpAnswer, { key }: PagerDutyOptions): SendOutcome => {
  const said = saidIn(answer);
  const field = said?.errors === undefined ? 'message' : 'errors';
  const outcome = outcomeInItsWords(answer, dialect, field, [key]);
  return outcome.kind === 'permanent' && /routing[_ ]key/i.test(String(said?.errors))
    ? { ...outcome, of: 'channel' }
    : outcome;
};

/** PagerDuty: alarms and their end. Notes between them (a restart worked) are not sent. */
export const pagerdutyChannel: ChannelKind<PagerDutyOptions> = {
  kind: 'pagerduty',
  // An event has one key: alarms never go together. PagerDuty takes 120 events a minute.
  pace: { betweenMs: 1000, mostSingle: 1, mostTogether: 1 },
  optionsSchema: (z: typeof Zod) => z.strictObject({ key: z.string(), server: z.url().optional() }),
  faultOf: ({ key, server }) => {
    if (server !== undefined && webhook.faultOf({ url: server }) !== null)
      return 'the address of its server is no URL that begins with https:// or http://';
    return /^[A-Za-z0-9]{32}$/.test(key)
      ? null
      : 'its key is not the 32 letters and digits of an Events API v2 integration';
  },
  secrets: ({ key }) => [key],
  takes: (notification) => alarmOf(notification, '') !== null,
  send: async (batch, key, { options, http }) => {
    const [alert] = batch.alerts;
    if (alert === undefined) return { kind: 'sent' };
    const server = (options.server ?? 'https://events.pagerduty.com').replace(/\/+$/, '');
    const answer = await postJson(http, `${server}/v2/enqueue`, key, eventOf(alert, batch, options));
    return asItSays(answer, options);
  },
};
