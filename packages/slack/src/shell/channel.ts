import {
  type Batch,
  type ChannelKind,
  type Http,
  type HttpAnswer,
  outcomeOf,
  type SendOutcome,
  webhook,
} from '@sentinel/notify';
import { type FetchFunction, IncomingWebhook } from '@slack/webhook';
import { dialect } from '../core/dialect.ts';
import { payloadOf } from '../core/payload.ts';
import { botFault } from './api.ts';
import { amendByBot, sendByBot } from './bot-channel.ts';
import { slackPresses } from './presses.ts';

/** An incoming webhook of Slack; or a bot (`chat:write`) and a channel that it is in. */
export type SlackOptions = {
  /** The webhook. A secret. */
  readonly url?: string | undefined;
  /** The bot's token, `xoxb-...`. A secret. */
  readonly token?: string | undefined;
  /** The id of the bot's channel: `C0123456789`. */
  readonly channel?: string | undefined;
  /** The token of the bot's app, `xapp-...` (`connections:write`): buttons, which are heard over Socket Mode. A secret. */
  readonly appToken?: string | undefined;
  /** Another address of the Web API. Default: `https://slack.com/api`. */
  readonly server?: string | undefined;
};

const botOf = ({ token, channel, server, appToken }: SlackOptions) =>
  token === undefined && channel === undefined
    ? null
    : { token: token ?? '', channel: channel ?? '', server, isHeard: appToken !== undefined };

const faultOf = (options: SlackOptions): string | null => {
  const bot = botOf(options);
  if (options.appToken !== undefined && !/^xapp-[\w-]{8,}$/.test(options.appToken))
    return "the token of its app is none (xapp-..., not the bot's xoxb-...)";
  if (bot === null) return webhook.faultOf({ url: options.url ?? '' });
  return options.url === undefined
    ? botFault(bot, 'its token')
    : 'it has both a webhook and the token of a bot: leave one of them out';
};

const sendByWebhook = async (
  batch: Batch,
  key: string,
  url: string,
  { request: ask }: Http,
): Promise<SendOutcome> => {
  let answer: HttpAnswer | undefined;
  const request: FetchFunction = async (to, { headers, body } = {}) => {
    answer = await ask(String(to), {
      method: 'POST',
      headers: { ...headers, 'Idempotency-Key': key },
      body: String(body),
    });
    return asLibraryTakesIt(answer);
  };
  try {
    await new IncomingWebhook(url, { fetch: request }).send(payloadOf(batch));
  } catch (error) {
    // The library throws for every answer that it calls an error. Without one this program failed: what its errors
    // wrap is what counts.
    if (answer === undefined) throw (error as { original?: unknown }).original ?? error;
  }
  if (answer === undefined) throw new Error('the library posted nothing');
  return outcomeOf(answer, dialect);
};

/** Slack, which takes one message a second. */
export const slackChannel: ChannelKind<SlackOptions> = {
  kind: 'slack',
  pace: { betweenMs: 1000, mostSingle: 10, mostTogether: 100 },
  optionsSchema: (z) =>
    z.strictObject({
      url: webhook.optionsSchema(z).shape.url.optional(),
      token: z.string().optional(),
      channel: z.string().optional(),
      appToken: z.string().optional(),
      server: z.url().optional(),
    }),
  faultOf,
  secrets: ({ url, token, appToken }) => [url, token, appToken].filter((secret) => secret !== undefined),
  presses: (options) => {
    const bot = botOf(options);
    return bot === null || options.appToken === undefined ? null : slackPresses(bot, options.appToken);
  },
  send: (batch, key, { options, http, memory }) => {
    const bot = botOf(options);
    return bot === null
      ? sendByWebhook(batch, key, options.url ?? '', http)
      : sendByBot(batch, key, bot, http, memory);
  },
  amend: async ({ options, http, memory }) => {
    const bot = botOf(options);
    return bot === null ? null : amendByBot(bot, http, memory);
  },
};

const asLibraryTakesIt = (answer: HttpAnswer): Awaited<ReturnType<FetchFunction>> => {
  if ('error' in answer) throw new Error(answer.error);
  const { status, body } = answer;
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: '',
    url: '',
    headers: new Headers(),
    text: async () => body,
    json: async () => null,
    arrayBuffer: async () => new ArrayBuffer(0),
  };
};
