import {
  type Alert,
  amendByIncident,
  type ChannelKind,
  type ChannelMemory,
  type Http,
  type IncidentSteps,
  type IncidentView,
  incidentCard,
  incidentLine,
  type Posted,
  partsOf,
  plainText,
  pressData,
  pressLabels,
  reaches,
  saidIn,
  sendByIncident,
} from '@sentinel/notify';
import type * as Zod from 'zod';
import { batchText, shortened } from '../batch-text.ts';
import { apiOutcome, callTelegram, faultOf, type TelegramOptions } from './api.ts';
import { telegramPresses } from './presses.ts';

/** What Telegram takes as one message, in characters (`sendMessage`, core.telegram.org/bots/api). */
const mostOfText = 4096;

/** The message shows this already: an edit that was not answered, say. */
const asItWas = /message is not modified/i;
const gone = /message to edit not found|message_id_invalid/i;

/** Somebody who has it needs no button for it, and what is over has none. */
const buttonsOf = ({ first, state }: IncidentView): object => {
  const { incident } = first.notification;
  if (incident === undefined || state !== 'open') return {};
  const buttons = (['ack', 'snooze'] as const).map((what) => ({
    text: pressLabels[what],
    callback_data: pressData(what, incident),
  }));
  return { reply_markup: { inline_keyboard: [buttons] } };
};

const calling =
  (options: TelegramOptions, http: Http, headers: Readonly<Record<string, string>> = {}) =>
  async (method: string, body: object): Promise<Posted> => {
    const message = { chat_id: options.chat, link_preview_options: { is_disabled: true }, ...body };
    const answer = await callTelegram(options, http, method, message, { headers });
    const said = saidIn(answer);
    if (asItWas.test(String(said?.description))) return { outcome: { kind: 'sent' } };
    const outcome = apiOutcome(answer, options);
    if (gone.test(String(said?.description))) return { outcome, isGone: true };
    const id = partsOf(said?.result).message_id;
    return { outcome, ...(typeof id === 'number' ? { ref: String(id) } : {}) };
  };

const withButtons = ({ buttons }: TelegramOptions, view: IncidentView): object =>
  buttons === 'on' ? buttonsOf(view) : {};

const amend = (options: TelegramOptions, http: Http, memory: ChannelMemory) =>
  amendByIncident(memory, {
    place: options.chat,
    edit: (view, id) => {
      const line = `${incidentLine(view)}\n\n`;
      const text = line + shortened(plainText(incidentCard(view)), mostOfText - line.length);
      const message = { message_id: Number(id), text, ...withButtons(options, view) };
      return calling(options, http)('editMessageText', message);
    },
  });

/** A chat of Telegram. It takes one message a second, and twenty a minute in a group. */
export const telegramChannel: ChannelKind<TelegramOptions> = {
  kind: 'telegram',
  pace: { betweenMs: 3000, mostSingle: 5, mostTogether: 50 },
  optionsSchema: (z: typeof Zod) =>
    z.strictObject({
      token: z.string(),
      chat: z.string(),
      server: z.url().optional(),
      buttons: z.enum(['on', 'off']).optional(),
    }),
  faultOf,
  secrets: ({ token }) => [token],
  presses: (options) => (options.buttons === 'on' ? telegramPresses(options) : null),
  send: (batch, key, { options, http, memory }) => {
    const call = calling(options, http, { 'Idempotency-Key': key });
    const isLoud = ({ card, notification }: Alert) =>
      reaches(card.severity, 'warning') || notification.kind === 'test';
    // What is no trouble makes no sound; a test shows that trouble does.
    const isQuiet = !batch.alerts.some(isLoud);
    const plain = () => ({ text: batchText(batch, mostOfText), disable_notification: isQuiet });
    const steps: IncidentSteps = {
      place: options.chat,
      post: ({ refusal }, view) =>
        // What was refused once is sent without them.
        call('sendMessage', {
          ...plain(),
          ...(view === null || refusal !== null ? {} : withButtons(options, view)),
        }),
      reply: (_, id) =>
        call('sendMessage', {
          ...plain(),
          // Also where somebody has deleted that message.
          reply_parameters: { message_id: Number(id), allow_sending_without_reply: true },
        }),
    };
    return sendByIncident(batch, key, memory, steps);
  },
  amend: ({ options, http, memory }) => amend(options, http, memory),
};
