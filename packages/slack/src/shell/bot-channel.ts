import {
  type Alert,
  amendByIncident,
  type Batch,
  batchNotes,
  type ChannelMemory,
  type Http,
  type IncidentSteps,
  type IncidentView,
  type Posted,
  reaches,
  type SendOutcome,
  saidIn,
  sendByIncident,
} from '@sentinel/notify';
import { incidentMessage } from '../core/incident-message.ts';
import { asText, payloadOf } from '../core/payload.ts';
import { apiOutcome, callSlack, refusalIn, type SlackBot } from './api.ts';

/*
 * docs.slack.dev/reference/methods: chat.postMessage (one message a second in a channel, `thread_ts`, `reply_broadcast`,
 * `metadata`), chat.update (50 a minute).
 */

/** The message is not there any more, or nothing can be said below it. */
const gone: ReadonlySet<string> = new Set([
  'cannot_reply_to_message',
  'invalid_thread_ts',
  'message_not_found',
  'restricted_action_thread_locked',
  'thread_not_found',
]);

/** By it a program finds a message again, and whoever gets it twice can tell. */
const metadataOf = ({ alerts }: Batch, key: string) => {
  const [first] = alerts;
  const incident = alerts.length === 1 ? first?.notification.incident : undefined;
  return {
    metadata: {
      event_type: incident === undefined ? 'sentinel_notification' : 'sentinel_incident',
      event_payload: { id: key, ...(incident === undefined ? {} : { incident }) },
    },
  };
};

/** Nobody is notified of what is said in a thread: what somebody has to know is shown in the channel too. */
const isForAll = ({ card }: Alert, state: IncidentView['state']): boolean =>
  reaches(card.severity, 'critical') || state === 'closed';

type Bot = SlackBot & { readonly isHeard: boolean };

const calling =
  (bot: Bot, http: Http) =>
  async (method: string, body: object): Promise<Posted> => {
    const answer = await callSlack(bot, http, method, { channel: bot.channel, ...body });
    const word = refusalIn(answer);
    if (word !== null && gone.has(word)) return { outcome: apiOutcome(answer), isGone: true };
    const ts = saidIn(answer)?.ts;
    return { outcome: apiOutcome(answer), ...(typeof ts === 'string' ? { ref: ts } : {}) };
  };

/** Edits the message of an incident that has gone on since. */
export const amendByBot = (bot: Bot, http: Http, memory: ChannelMemory): Promise<SendOutcome | null> =>
  amendByIncident(memory, {
    place: bot.channel,
    edit: (view, ts) => calling(bot, http)('chat.update', { ...incidentMessage(view, bot.isHeard), ts }),
  });

/** Sends a batch by a bot of Slack: one message an incident, which is edited, and a thread below it. */
export const sendByBot = (
  batch: Batch,
  key: string,
  bot: Bot,
  http: Http,
  memory: ChannelMemory,
): Promise<SendOutcome> => {
  const { channel, isHeard } = bot;
  const call = calling(bot, http);
  const named = metadataOf(batch, key);
  const { mayBeDouble, refusal } = batch;
  const rootOf = (view: IncidentView) => {
    const message = incidentMessage(view, isHeard, mayBeDouble ? batchNotes.mayBeDouble : undefined);
    return refusal === null ? message : asText(message, refusal);
  };
  const steps: IncidentSteps = {
    place: channel,
    post: (_, view) =>
      call('chat.postMessage', { ...(view === null ? payloadOf(batch) : rootOf(view)), ...named }),
    reply: (_, ts, { last, state }) =>
      call('chat.postMessage', {
        ...payloadOf(batch),
        ...named,
        thread_ts: ts,
        ...(isForAll(last, state) ? { reply_broadcast: true } : {}),
      }),
  };
  return sendByIncident(batch, key, memory, steps);
};
