import type * as Zod from 'zod';
import { plainText } from '../core/card.ts';
import { type Batch, batchNotes, type ChannelKind, postJson } from '../core/channel.ts';
import { type Dialect, isPage, outcomeOf } from '../core/outcome.ts';
import { cloudEvents } from './cloud-events.ts';
import { faultOfSecret, signatureOf } from './signature.ts';
import { type WebhookOptions, webhook } from './webhook.ts';

/** Any address that takes JSON by POST. */
export type JsonOptions = WebhookOptions & {
  /** `whsec_...`: each message is signed with it, as Standard Webhooks says. A secret. Default: messages are not signed. */
  readonly secret?: string | undefined;
  /** The body of a message. Default: `sentinel`. */
  readonly form?: 'sentinel' | 'cloudevents' | undefined;
};

const saysNo = /^\s*\{[^{}[\]]*"ok"\s*:\s*false\b/;

/** Nobody knows what any address answers: no page, at least, and not that it is not ok. */
const dialect: Dialect = {
  whose: "the receiver's",
  takes: (text) => !isPage(text) && !saysNo.test(text),
  refuses: (text) => !isPage(text),
};

/** A text that replaces a message that was refused is shorter too, in characters. */
const mostOfText = 39_800;

const textOf = ({ alerts }: Batch): string => alerts.map(({ card }) => plainText(card)).join('\n\n');

const sentinelForm = (batch: Batch, key: string) => ({
  type: 'application/json',
  body: {
    id: key,
    text: textOf(batch),
    may_be_double: batch.mayBeDouble,
    notifications: batch.alerts.map(({ id, at, notification }) => ({
      ...notification,
      id,
      at: new Date(at).toISOString(),
    })),
  },
});

const formOf = (batch: Batch, key: string, form: JsonOptions['form']) => {
  if (batch.refusal === null) return form === 'cloudevents' ? cloudEvents(batch) : sentinelForm(batch, key);
  const text = `${textOf(batch).slice(0, mostOfText)}\n(${batchNotes.asText(batch.refusal)})`;
  return { type: 'application/json', body: { text } };
};

/**
 * Any address that takes JSON by POST: `{ "id", "text", "may_be_double", "notifications": [...] }`, or CloudEvents; signed
 * where there is a secret.
 */
export const jsonChannel: ChannelKind<JsonOptions> = {
  kind: 'json',
  pace: { betweenMs: 1000, mostSingle: 10, mostTogether: 100 },
  optionsSchema: (z: typeof Zod) =>
    webhook.optionsSchema(z).safeExtend({
      secret: z.string().optional(),
      form: z.enum(['sentinel', 'cloudevents']).optional(),
    }),
  faultOf: ({ url, secret }) =>
    webhook.faultOf({ url }) ?? (secret === undefined ? null : faultOfSecret(secret)),
  secrets: ({ url, secret }) => (secret === undefined ? [url] : [url, secret]),
  send: async (batch, key, { options: { url, secret, form }, http, now }) => {
    const { type, body } = formOf(batch, key, form);
    const signed = secret === undefined ? {} : signatureOf(secret, key, now, JSON.stringify(body));
    return outcomeOf(await postJson(http, url, key, body, { 'Content-Type': type, ...signed }), dialect);
  },
};
