import {
  type ChannelKind,
  type Dialect,
  type HttpAnswer,
  postJson,
  reaches,
  type SendOutcome,
  webhook,
} from '@sentinel/notify';
import type * as Zod from 'zod';
import { objectIn, outcomeInItsWords } from '../answer.ts';
import { batchText } from '../batch-text.ts';

/** A bot of Telegram, and the chat that it writes to. */
export type TelegramOptions = {
  /** What @BotFather gave: `123456:ABC...`. A secret. */
  readonly token: string;
  /** The chat's number, below 0 for a group, or `@name` of a channel. */
  readonly chat: string;
  /** Default: `https://api.telegram.org`. For a Bot API server of one's own. */
  readonly server?: string | undefined;
};

/** What Telegram takes as one message, in characters (`sendMessage`, core.telegram.org/bots/api). */
const mostOfText = 4096;

const dialect: Dialect = {
  whose: "Telegram's",
  takes: (text) => objectIn(text)?.ok === true,
  refuses: (text) => objectIn(text)?.ok === false,
};

/** What a refusal is about: a wrong token (401, 404), a chat that is gone or blocks the bot, or this message only. */
const ofChannel =
  /chat not found|chat_id is empty|bot was (?:blocked|kicked)|user is deactivated|need administrator/i;

const asItSays = (answer: HttpAnswer, { token }: TelegramOptions): SendOutcome => {
  const said = 'error' in answer ? null : objectIn(answer.body);
  const seconds = (said?.parameters as { retry_after?: unknown } | undefined)?.retry_after;
  const asked =
    'error' in answer || typeof seconds !== 'number' || !Number.isFinite(seconds)
      ? answer
      : { ...answer, retryAfterMs: Math.min(60 * 60_000, Math.max(0, seconds * 1000)) };
  const outcome = outcomeInItsWords(asked, dialect, 'description', [token]);
  return outcome.kind === 'permanent' && ofChannel.test(String(said?.description))
    ? { ...outcome, of: 'channel' }
    : outcome;
};

/** A chat of Telegram. It takes one message a second, and twenty a minute in a group. */
export const telegramChannel: ChannelKind<TelegramOptions> = {
  kind: 'telegram',
  pace: { betweenMs: 3000, mostSingle: 5, mostTogether: 50 },
  optionsSchema: (z: typeof Zod) =>
    z.strictObject({ token: z.string(), chat: z.string(), server: z.url().optional() }),
  faultOf: ({ token, chat, server }) => {
    if (server !== undefined && webhook.faultOf({ url: server }) !== null)
      return 'the address of its server is no URL that begins with https:// or http://';
    if (!/^\d+:[\w-]{20,}$/.test(token)) return 'its token is not as @BotFather gives one (123456:ABC...)';
    return /^-?\d+$|^@\w{4,}$/.test(chat)
      ? null
      : 'its chat is neither a number nor @name: write to the bot, then read getUpdates';
  },
  secrets: ({ token }) => [token],
  send: async (batch, key, { options, http }) => {
    const { token, chat, server = 'https://api.telegram.org' } = options;
    const message = {
      chat_id: chat,
      text: batchText(batch, mostOfText),
      link_preview_options: { is_disabled: true },
      // What is no trouble makes no sound.
      disable_notification: !batch.alerts.some(({ card }) => reaches(card.severity, 'warning')),
    };
    const address = `${server.replace(/\/+$/, '')}/bot${token}/sendMessage`;
    return asItSays(await postJson(http, address, key, message), options);
  },
};
