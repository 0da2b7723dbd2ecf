import { type Http, type Parts, type SendOutcome, saidIn, type WillPlace } from '@sentinel/notify';
import { limits, slackText } from '../core/text.ts';
import { apiOutcome, botFault, callSlack, type SlackBot } from './api.ts';

/*
 * docs.slack.dev/reference/methods: chat.scheduleMessage (up to 120 days ahead, 30 messages for one channel in 5 minutes),
 * chat.deleteScheduledMessage (not within the last 60 s), chat.scheduledMessages.list. Slack cannot replace a message that
 * waits: the new one is left first, and then those before it are deleted, so that at no moment there is none.
 */

/** A message of the last minute cannot be deleted any more: it is put off long before. */
const least = { renewMs: 30_000, horizonMs: 150_000 };

/** It is found by its key: also what a process left that was killed before it could delete it. */
const markOf = (key: string) => `(last will ${key})`;

/** Of what waits for the channel so many are listed. */
const mostListed = 100;

/** A bot of Slack and the channel where the will waits. */
export type SlackWillOptions = SlackBot;

/** A channel of Slack as the place of a last will. */
export const slackWill = (options: SlackWillOptions): WillPlace => {
  const { token, channel } = options;
  const ask = (http: Http, method: string, body: object) =>
    callSlack(options, http, method, { channel, ...body });

  /** What waits there with this key, and by how much Slack's clock is ahead of this machine's: a time is told by Slack's. */
  const look = async (key: string, http: Http, now: number) => {
    const answer = await ask(http, 'chat.scheduledMessages.list', { limit: mostListed });
    const waiting = (saidIn(answer)?.scheduled_messages ?? []) as readonly Parts[];
    const date = 'error' in answer ? undefined : answer.date;
    return {
      outcome: apiOutcome(answer),
      ids: waiting.filter(({ text }) => String(text).includes(markOf(key))).map(({ id }) => id),
      aheadMs: date === undefined ? 0 : date - now,
    };
  };

  const remove = async (ids: readonly unknown[], http: Http): Promise<SendOutcome> => {
    for (const id of ids) {
      const deleted = apiOutcome(
        await ask(http, 'chat.deleteScheduledMessage', { scheduled_message_id: id }),
      );
      // It has gone out, or is about to.
      const isGone = deleted.kind === 'permanent' && deleted.detail.includes('invalid_scheduled_message_id');
      if (deleted.kind !== 'sent' && !isGone) return deleted;
    }
    return { kind: 'sent' };
  };

  return {
    kind: 'slack',
    fault: botFault(options, 'SENTINEL_SLACK_TOKEN'),
    secrets: token === '' ? [] : [token],
    least,
    put: async ({ title, text }, key, inMs, http, now) => {
      const { outcome, ids, aheadMs } = await look(key, http, now);
      if (outcome.kind !== 'sent') return outcome;
      const words = `*${slackText(title, limits.header)}*\n${slackText(text, limits.section / 2)}\n${markOf(key)}`;
      const post_at = Math.ceil((now + aheadMs + inMs) / 1000);
      const left = apiOutcome(await ask(http, 'chat.scheduleMessage', { text: words, post_at }));
      return left.kind === 'sent' ? remove(ids, http) : left;
    },
    withdraw: async (key, http) => {
      const { outcome, ids } = await look(key, http, 0);
      return outcome.kind === 'sent' ? remove(ids, http) : outcome;
    },
    say: async ({ title, text }, http) =>
      apiOutcome(
        await ask(http, 'chat.postMessage', {
          text: `*${slackText(title, limits.header)}*\n${slackText(text, limits.section)}`,
        }),
      ),
  };
};
