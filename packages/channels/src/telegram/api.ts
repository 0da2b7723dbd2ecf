import {
  type Dialect,
  type Http,
  type HttpAnswer,
  type HttpInit,
  objectIn,
  partsOf,
  type SendOutcome,
  saidIn,
  webhook,
} from '@sentinel/notify';
import { outcomeInItsWords } from '../answer.ts';

/** A bot of Telegram, and the chat that it writes to. */
export type TelegramOptions = {
  /** What @BotFather gave: `123456:ABC...`. A secret. */
  readonly token: string;
  /** The chat's number, below 0 for a group, or `@name` of a channel. */
  readonly chat: string;
  /** Default: `https://api.telegram.org`. For a Bot API server of one's own. */
  readonly server?: string | undefined;
  /** `on`: buttons below the message of an incident, which the monitor answers. Default: `off`. */
  readonly buttons?: 'on' | 'off' | undefined;
};

/** Why these options cannot be used; `null`: they can. */
export const faultOf = ({ token, chat, server }: TelegramOptions): string | null => {
  if (server !== undefined && webhook.faultOf({ url: server }) !== null)
    return 'the address of its server is no URL that begins with https:// or http://';
  if (!/^\d+:[\w-]{20,}$/.test(token)) return 'its token is not as @BotFather gives one (123456:ABC...)';
  return /^-?\d+$|^@\w{4,}$/.test(chat)
    ? null
    : 'its chat is neither a number nor @name: write to the bot, then read getUpdates';
};

const dialect: Dialect = {
  whose: "Telegram's",
  takes: (text) => objectIn(text)?.ok === true,
  refuses: (text) => objectIn(text)?.ok === false,
};

/**
 * Refusals of this one message. Any other one is of the token or of the chat (that is gone, has become a supergroup, gives no
 * rights to write, has its topic closed), and the next message would meet it too.
 */
const ofMessage =
  /too long|too_long|parse entities|entit(?:y|ies)|(?:text|message|caption) is empty|empty message|button|keyboard|markup|not modified|message to (?:edit|delete|be replied|reply)|message can't be|message identifier|message_id|query|http url|web ?page/i;

/** What came of a call of the Bot API. A limit says how long to wait (`parameters.retry_after`, core.telegram.org/bots/api#responseparameters). */
export const apiOutcome = (answer: HttpAnswer, { token }: Pick<TelegramOptions, 'token'>): SendOutcome => {
  const said = saidIn(answer);
  const seconds = partsOf(said?.parameters).retry_after;
  const asked =
    'error' in answer || typeof seconds !== 'number' || !Number.isFinite(seconds)
      ? answer
      : { ...answer, retryAfterMs: Math.min(60 * 60_000, Math.max(0, seconds * 1000)) };
  const outcome = outcomeInItsWords(asked, dialect, 'description', [token]);
  if (outcome.kind !== 'permanent' || ofMessage.test(String(said?.description))) return outcome;
  const moved = partsOf(said?.parameters).migrate_to_chat_id;
  const detail = Number.isSafeInteger(moved)
    ? `${outcome.detail}. Its number is ${moved} now`
    : outcome.detail;
  return { ...outcome, of: 'channel', detail };
};

/** An answer repeats the whole message, each letter in up to six signs; a hundred presses are longer. In characters. */
const mostOfAnswer = 1_000_000;

export const callTelegram = (
  { token, server = 'https://api.telegram.org' }: Pick<TelegramOptions, 'token' | 'server'>,
  http: Http,
  method: string,
  body: object,
  { headers, ...more }: Partial<HttpInit> = {},
): Promise<HttpAnswer> =>
  http.request(`${server.replace(/\/+$/, '')}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
    mostOfAnswer,
    ...more,
  });
