import {
  type Batch,
  batchNotes,
  type ChannelKind,
  type Dialect,
  objectIn,
  plainText,
  postJson,
  type Tone,
  type WebhookOptions,
  webhook,
} from '@sentinel/notify';
import { outcomeInItsWords } from '../answer.ts';
import { batchText } from '../batch-text.ts';

/** What Discord takes as the text of one message, and as that of one embed, in characters. */
const most = { text: 2000, embed: 4096, title: 256 } as const;

const colors: Readonly<Record<Tone, number>> = {
  bad: 0xd0_34_3a,
  warning: 0xd9_8a_00,
  good: 0x2e_9e_5b,
  neutral: 0x6b_72_80,
};

const dialect: Dialect = {
  whose: "Discord's",
  takes: (text) => text === '' || typeof objectIn(text)?.id === 'string',
  refuses: (text) => typeof objectIn(text)?.message === 'string',
};

/** Nothing that a bot says may call people by name. */
const quiet = { allowed_mentions: { parse: [] } } as const;

/** What a bot says is text: no link whose words hide where it leads, nothing hidden, no other time and no name. */
const asText = (text: string): string => text.replaceAll(/[\\[`|<*~]/g, '\\$&');

const payloadOf = (batch: Batch): object => {
  const [first] = batch.alerts;
  if (batch.alerts.length !== 1 || first === undefined || batch.refusal !== null)
    return { content: asText(batchText(batch, most.text)).slice(0, most.text), ...quiet };
  const { card, at } = first;
  return {
    embeds: [
      {
        title: asText(card.title).slice(0, most.title),
        ...(card.link === undefined ? {} : { url: card.link }),
        description: asText(plainText({ ...card, title: '' }).trim()).slice(0, most.embed),
        color: colors[card.tone],
        timestamp: new Date(at).toISOString(),
      },
    ],
    ...(batch.mayBeDouble ? { content: `(${batchNotes.mayBeDouble})` } : {}),
    ...quiet,
  };
};

/** Discord answers with the message that it has taken only when it is asked to wait for that. */
const waiting = (url: string): string => {
  const address = new URL(url);
  address.searchParams.set('wait', 'true');
  return address.href;
};

/** A webhook of Discord. It takes thirty messages a minute. */
export const discordChannel: ChannelKind<WebhookOptions> = {
  ...webhook,
  kind: 'discord',
  pace: { betweenMs: 2000, mostSingle: 5, mostTogether: 30 },
  send: async (batch, key, { options, http }) => {
    const answer = await postJson(http, waiting(options.url), key, payloadOf(batch));
    return outcomeInItsWords(answer, dialect, 'message', [options.url]);
  },
};
