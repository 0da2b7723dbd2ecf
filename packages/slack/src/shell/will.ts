import {
  type Http,
  type HttpAnswer,
  outcomeOf,
  type SendOutcome,
  type WillPlace,
  webhook,
} from '@sentinel/notify';
import { limits, slackText } from '../core/text.ts';

/*
 * docs.slack.dev/reference/methods: chat.scheduleMessage (up to 120 days ahead, 30 messages for one channel in 5 minutes),
 * chat.deleteScheduledMessage (not within the last 60 s), chat.scheduledMessages.list. Slack cannot replace a message that
 * waits: the new one is left first, and then those before it are deleted, so that at no moment there is none.
 */

/** A bot of Slack (`chat:write`) and a channel that it is in. */
export type SlackWillOptions = {
  /** `xoxb-...`. A secret. */
  readonly token: string;
  /** The id of a channel: `C0123456789`. */
  readonly channel: string;
  /** Default: `https://slack.com/api`. */
  readonly server?: string | undefined;
};

/** A message of the last minute cannot be deleted any more: it is put off long before. */
const least = { renewMs: 30_000, horizonMs: 150_000 };

/** Refusals that pass by themselves. */
const passing =
  /^(?:ratelimited|rate_limited|internal_error|fatal_error|service_unavailable|request_timeout)$/;

type Said = Readonly<Record<string, unknown>>;

const saidIn = (answer: HttpAnswer): Said | null => {
  if ('error' in answer) return null;
  try {
    const said: unknown = JSON.parse(answer.body);
    return typeof said === 'object' && said !== null ? (said as Said) : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
};

/** The Web API answers 200 to what it refuses, with `ok: false` and one word. */
const outcomeIn = (answer: HttpAnswer): SendOutcome => {
  const said = saidIn(answer);
  const word = typeof said?.error === 'string' && /^[a-z_]{1,60}$/.test(said.error) ? said.error : null;
  if (said?.ok === false && word !== null && !passing.test(word))
    return { kind: 'permanent', reason: 'refused', of: 'channel', detail: `Slack: ${word}` };
  return outcomeOf(answer, { whose: "Slack's", takes: () => said?.ok === true, refuses: () => false });
};

const faultOf = ({ token, channel, server }: SlackWillOptions): string | null => {
  if (server !== undefined && webhook.faultOf({ url: server }) !== null)
    return 'the address of its server is no URL that begins with https:// or http://';
  if (!/^xox[a-z]-[\w-]{8,}$/.test(token))
    return 'SENTINEL_SLACK_TOKEN is not set, or is not the token of a bot (xoxb-...)';
  return /^[CGD][A-Z0-9]{6,}$/.test(channel) ? null : 'its channel is not an id such as C0123456789';
};

/** It is found by its key: also what a process left that was killed before it could delete it. */
const markOf = (key: string) => `(last will ${key})`;

/** Of what waits for the channel so many are listed; their texts are in the answer. */
const mostListed = 100;
const mostOfList = 1_000_000;

/** A channel of Slack as the place of a last will. */
export const slackWill = (options: SlackWillOptions): WillPlace => {
  const { token, channel, server = 'https://slack.com/api' } = options;
  const ask = (http: Http, method: string, body: object) =>
    http.request(`${server.replace(/\/+$/, '')}/${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ channel, ...body }),
      mostOfAnswer: mostOfList,
    });

  /** What waits there with this key, and by how much Slack's clock is ahead of this machine's: a time is told by Slack's. */
  const look = async (key: string, http: Http, now: number) => {
    const answer = await ask(http, 'chat.scheduledMessages.list', { limit: mostListed });
    const waiting = (saidIn(answer)?.scheduled_messages ?? []) as readonly Said[];
    const date = 'error' in answer ? undefined : answer.date;
    return {
      outcome: outcomeIn(answer),
      ids: waiting.filter(({ text }) => String(text).includes(markOf(key))).map(({ id }) => id),
      aheadMs: date === undefined ? 0 : date - now,
    };
  };

  const remove = async (ids: readonly unknown[], http: Http): Promise<SendOutcome> => {
    for (const id of ids) {
      const deleted = outcomeIn(await ask(http, 'chat.deleteScheduledMessage', { scheduled_message_id: id }));
      // It has gone out, or is about to.
      const isGone = deleted.kind === 'permanent' && deleted.detail.includes('invalid_scheduled_message_id');
      if (deleted.kind !== 'sent' && !isGone) return deleted;
    }
    return { kind: 'sent' };
  };

  return {
    kind: 'slack',
    fault: faultOf(options),
    secrets: token === '' ? [] : [token],
    least,
    put: async ({ title, text }, key, inMs, http, now) => {
      const { outcome, ids, aheadMs } = await look(key, http, now);
      if (outcome.kind !== 'sent') return outcome;
      const words = `*${slackText(title, limits.header)}*\n${slackText(text, limits.section / 2)}\n${markOf(key)}`;
      const post_at = Math.ceil((now + aheadMs + inMs) / 1000);
      const left = outcomeIn(await ask(http, 'chat.scheduleMessage', { text: words, post_at }));
      return left.kind === 'sent' ? remove(ids, http) : left;
    },
    withdraw: async (key, http) => {
      const { outcome, ids } = await look(key, http, 0);
      return outcome.kind === 'sent' ? remove(ids, http) : outcome;
    },
    say: async ({ title, text }, http) =>
      outcomeIn(
        await ask(http, 'chat.postMessage', {
          text: `*${slackText(title, limits.header)}*\n${slackText(text, limits.section)}`,
        }),
      ),
  };
};
