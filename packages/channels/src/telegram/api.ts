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

/** What a refusal is about: a wrong token (401, 404), a chat that is gone or blocks the bot, or this message only. */
const ofChannel =
  /chat not found|chat_id is empty|bot was (?:blocked|kicked)|user is deactivated|need administrator/i;

/** What came of a call of the Bot API. A limit says how long to wait (`parameters.retry_after`, core.telegram.org/bots/api#responseparameters). */
export const apiOutcome = (answer: HttpAnswer, { token }: Pick<TelegramOptions, 'token'>): SendOutcome => {
  const said = saidIn(answer);
  const seconds = partsOf(said?.parameters).retry_after;
  const asked =
    'error' in answer || typeof seconds !== 'number' || !Number.isFinite(seconds)
      ? answer
      : { ...answer, retryAfterMs: Math.min(60 * 60_000, Math.max(0, seconds * 1000)) };
  const outcome = outcomeInItsWords(asked, dialect, 'description', [token]);
  return outcome.kind === 'permanent' && ofChannel.test(String(said?.description))
    ? { ...outcome, of: 'channel' }
    : outcome;
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
