import { type Listening, type Parts, type PressSource, partsOf, readPress, saidIn } from '@sentinel/notify';
import { apiOutcome, callTelegram, type TelegramOptions } from './api.ts';

/*
 * core.telegram.org/bots/api: getUpdates (a long poll; an update is confirmed by an `offset` above its id), CallbackQuery,
 * answerCallbackQuery (a text of 200 characters). A webhook that is set, or another program that asks, gives HTTP 409
 * (`Conflict: ...`, tdlib/telegram-bot-api).
 */

/** So long Telegram waits for a press before it answers, in seconds; and so long an answer is waited for, in ms. */
const pollSeconds = 50;
const timeoutMs = 65_000;
/** What failed is asked again after this, in ms: after a fault of the network, of the bot. */
const soonMs = 5000;
const laterMs = 60_000;
const mostAnswer = 200;

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

const nameOf = (value: unknown): string => {
  const { first_name, last_name, username } = partsOf(value);
  const name = [textIn(first_name), textIn(last_name)].filter((part) => part !== '').join(' ');
  const handle = textIn(username) === '' ? '' : `@${textIn(username)} `;
  return `${name.slice(0, 60).toWellFormed()} (${handle}on Telegram)`.trim();
};

const pressIn = (query: Parts, places: readonly string[]) => {
  const { id, username } = partsOf(partsOf(query.message).chat);
  const isHere = places.includes(String(id)) || places.includes(`@${textIn(username)}`);
  const press = isHere ? readPress(query.data) : null;
  return press === null ? null : { ...press, by: nameOf(query.from) };
};

/** Hears what people press in the chats of a bot. */
export const telegramPresses = (options: TelegramOptions): PressSource => {
  const answerPress = async (update: Parts, { places, press, http }: Listening) => {
    const query = partsOf(update.callback_query);
    const pressed = pressIn(query, places);
    if (pressed === null) return;
    const text = (await press(pressed)).slice(0, mostAnswer).toWellFormed();
    // Who has waited for too long sees nothing of it, and the message says it.
    await callTelegram(options, http, 'answerCallbackQuery', { callback_query_id: query.id, text });
  };

  /** What is confirmed is not given again, to the next monitor either. */
  const offsetIn = ({ memory }: Listening): number => {
    const kept = memory.get('offset');
    return typeof kept === 'number' && Number.isSafeInteger(kept) ? kept : 0;
  };

  const ask = async (to: Listening): Promise<void> => {
    const { http, signal, memory, trouble, sleep } = to;
    const wish = { offset: offsetIn(to), timeout: pollSeconds, allowed_updates: ['callback_query'] };
    const answer = await callTelegram(options, http, 'getUpdates', wish, { signal, timeoutMs });
    if (signal.aborted) return;
    const outcome = apiOutcome(answer, options);
    if (outcome.kind !== 'sent') {
      const isRefused = outcome.kind === 'permanent' || ('status' in answer && answer.status === 409);
      if (isRefused) trouble(`Telegram: ${outcome.detail}`);
      const waitMs = outcome.kind === 'retry' ? outcome.waitMs : 0;
      return sleep(Math.max(isRefused ? laterMs : soonMs, waitMs));
    }
    trouble(null);
    const updates = saidIn(answer)?.result;
    for (const update of Array.isArray(updates) ? updates.map(partsOf) : []) {
      await answerPress(update, to);
      if (typeof update.update_id === 'number') memory.set('offset', update.update_id + 1);
    }
  };

  return {
    source: options.token,
    place: options.chat,
    listen: async (to) => {
      while (!to.signal.aborted) await ask(to);
    },
  };
};
