import {
  type Batch,
  type ChannelKind,
  type Dialect,
  objectIn,
  postJson,
  reaches,
  webhook,
} from '@sentinel/notify';
import type * as Zod from 'zod';
import { outcomeInItsWords } from '../answer.ts';
import { batchText, batchTitle } from '../batch-text.ts';

/** A topic of ntfy, on ntfy.sh or a server of one's own. */
export type NtfyOptions = {
  /** `https://ntfy.sh/TOPIC`. A secret: on a public server whoever knows the topic reads it. */
  readonly url: string;
  /** An access token (`tk_...`), where the topic is not open to all. A secret. */
  readonly token?: string | undefined;
};

/** A longer message becomes a file that people have to open (docs.ntfy.sh, message-size-limit), in bytes. */
const mostOfText = 4096;
/** Bytes and not characters: of each sign of a message up to three. */
export const mostOfSigns = Math.floor(mostOfText / 3);

/** As many signs as its bytes leave room for: most of them have one. */
const inBytes = (batch: Batch): string =>
  [mostOfText, 3600, 3000, 2200]
    .map((most) => batchText(batch, most, true))
    .find((text) => Buffer.byteLength(text) <= mostOfText) ?? batchText(batch, mostOfSigns, true);

export const dialect: Dialect = {
  whose: "ntfy's",
  takes: (text) => typeof objectIn(text)?.id === 'string',
  refuses: (text) => typeof objectIn(text)?.http === 'number',
};

/** Server and topic, which a message as JSON names apart. */
export const placeOf = (url: string) => {
  const { origin, pathname } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  const topic = parts.pop() ?? '';
  return { server: `${[origin, ...parts].join('/')}/`, topic: decodeURIComponent(topic) };
};

const faultOf = ({ url }: NtfyOptions): string | null => {
  const fault = webhook.faultOf({ url });
  if (fault !== null) return fault;
  return /^[-_A-Za-z0-9]{1,64}$/.test(placeOf(url).topic)
    ? null
    : 'its address does not end in a topic (https://ntfy.sh/TOPIC: letters, digits, - and _, 64 at most)';
};

/** From 1 to 5; 5 goes through 'do not disturb'. */
const priorityOf = ({ alerts }: Batch): number => {
  const some = (floor: 'critical' | 'warning') => alerts.some(({ card }) => reaches(card.severity, floor));
  return some('critical') ? 5 : some('warning') ? 4 : 3;
};

/** A topic of ntfy: a push message to phones, without an account. */
export const ntfyChannel: ChannelKind<NtfyOptions> = {
  kind: 'ntfy',
  // A public server gives 60 messages at once, and then one in 5 s.
  pace: { betweenMs: 5000, mostSingle: 5, mostTogether: 30 },
  optionsSchema: (z: typeof Zod) => z.strictObject({ url: z.url(), token: z.string().optional() }),
  faultOf,
  secrets: ({ url, token }) => [url, ...(token === undefined ? [] : [token])],
  send: async (batch, key, { options, http }) => {
    const { url, token } = options;
    const { server, topic } = placeOf(url);
    const [first] = batch.alerts;
    const message = {
      topic,
      title: batchTitle(batch),
      message: inBytes(batch),
      priority: priorityOf(batch),
      ...(first?.card.link === undefined ? {} : { click: first.card.link }),
    };
    const proof = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const answer = await postJson(http, server, key, message, proof);
    return outcomeInItsWords(answer, dialect, 'error', [url, topic, ...(token ? [token] : [])]);
  },
};
