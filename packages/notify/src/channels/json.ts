import { plainText } from '../core/card.ts';
import { batchNotes, type ChannelKind, postJson } from '../core/channel.ts';
import { type Dialect, isPage, outcomeOf } from '../core/outcome.ts';
import { type WebhookOptions, webhook } from './webhook.ts';

/** Nobody knows what any address answers: no page, at least. */
const dialect: Dialect = {
  whose: "the receiver's",
  takes: (text) => !isPage(text),
  refuses: (text) => !isPage(text),
};

/** A text that replaces a message that was refused is shorter too, in characters. */
const mostOfText = 39_800;

/** Any address that takes JSON by POST: `{ "id", "text", "may_be_double", "notifications": [...] }`. */
export const jsonChannel: ChannelKind<WebhookOptions> = {
  ...webhook,
  kind: 'json',
  pace: { betweenMs: 1000, mostSingle: 10, mostTogether: 100 },
  send: async ({ alerts, mayBeDouble, refusal }, key, { options, http }) => {
    const text = alerts.map(({ card }) => plainText(card)).join('\n\n');
    const payload =
      refusal === null
        ? {
            id: key,
            text,
            may_be_double: mayBeDouble,
            notifications: alerts.map(({ id, at, notification }) => ({
              ...notification,
              id,
              at: new Date(at).toISOString(),
            })),
          }
        : { text: `${text.slice(0, mostOfText)}\n(${batchNotes.asText(refusal)})` };
    return outcomeOf(await postJson(http, options.url, key, payload), dialect);
  },
};
