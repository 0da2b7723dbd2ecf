import { expect, test } from 'vitest';
import * as z from 'zod';
import { batchOf, note, recovered, sendThrough, stale, startService } from '../../test/support/service.ts';
import { telegramChannel } from './channel.ts';

const token = '123456:ABCdefGhIJKlmNoPQRsTUVwxyZ';
const chat = '-100123';

/** What Telegram says to a message, as its documentation and its server have it. */
const refused = (code: number, description: string, parameters?: object) => ({
  status: code,
  body: { ok: false, error_code: code, description, ...(parameters && { parameters }) },
});
const send = async (answer: { status: number; body?: unknown }, batch = batchOf([recovered])) => {
  const service = await startService(() => answer);
  const outcome = await sendThrough(telegramChannel, { token, chat, server: service.url }, batch);
  return { outcome, asked: service.asked };
};
const taken = { status: 200, body: { ok: true, result: { message_id: 7 } } };

test('a message reaches the chat as text; trouble makes a sound, its end does not', async () => {
  const good = await send(taken);
  expect(good.outcome).toEqual({ kind: 'sent' });
  expect(good.asked[0]).toMatchObject({
    path: `/bot${token}/sendMessage`,
    body: { chat_id: chat, text: expect.stringContaining('has recovered'), disable_notification: true },
  });
  const bad = await send(taken, batchOf([stale]));
  expect(bad.asked[0]?.body.disable_notification).toBe(false);
  // A test that makes no sound proves nothing.
  const tried = await send(taken, batchOf(['{"kind":"test","bot":"bot","by":"ann"}']));
  expect(tried.asked[0]?.body.disable_notification).toBe(false);
});

test('messages that had to wait come as one, cut to what Telegram takes', async () => {
  const many = Array.from({ length: 50 }, (_, index) => note(`${index} ${'é'.repeat(200)}`));
  const { asked } = await send(taken, batchOf(many, { mayBeDouble: true }));
  const { text = '' } = asked[0]?.body ?? {};
  expect(text.length).toBeLessThanOrEqual(4096);
  expect(text).toMatch(/^50 notifications that had to wait:\n- /);
  expect(text).toMatch(/\(cut; the rest is in the history\)\n\(may have come before/);
});

test('a limit is waited for as long as Telegram says', async () => {
  const { outcome } = await send(refused(429, 'Too Many Requests: retry after 17', { retry_after: 17 }));
  expect(outcome).toMatchObject({ kind: 'retry', reason: 'rate-limited', waitMs: 17_000 });
});

test.each([
  [refused(401, 'Unauthorized'), 'channel'],
  [refused(404, 'Not Found'), 'channel'],
  [refused(403, 'Forbidden: bot was blocked by the user'), 'channel'],
  [refused(400, 'Bad Request: chat not found'), 'channel'],
  [refused(400, 'Bad Request: not enough rights to send text messages to the chat'), 'channel'],
  [refused(400, 'Bad Request: message thread not found'), 'channel'],
  [refused(400, 'Bad Request: TOPIC_CLOSED'), 'channel'],
  [refused(403, 'Forbidden: the group chat was deleted'), 'channel'],
  [refused(400, 'Bad Request: message is too long'), 'message'],
  [refused(400, "Bad Request: can't parse entities: Unsupported start tag"), 'message'],
  [refused(400, 'Bad Request: message text is empty'), 'message'],
  [refused(400, 'Bad Request: BUTTON_DATA_INVALID'), 'message'],
])('%j is a refusal of the %s, in its words', async (answer, of) => {
  const { outcome } = await send(answer);
  expect(outcome).toMatchObject({
    kind: 'permanent',
    of,
    detail: `HTTP ${answer.status}: ${answer.body.description}`,
  });
});

test('a group that has become a supergroup is a channel that is gone, and its new number is said', async () => {
  const said = 'Bad Request: group chat was upgraded to a supergroup chat';
  const { outcome } = await send(refused(400, said, { migrate_to_chat_id: -1001234567890 }));
  expect(outcome).toMatchObject({
    kind: 'permanent',
    of: 'channel',
    detail: `HTTP 400: ${said}. Its number is -1001234567890 now`,
  });
});

test.each([
  [{ status: 502, body: '<html>Bad Gateway</html>' }],
  [{ status: 403, body: '<html>proxy</html>' }],
  [{ status: 200, body: '<html>sign in</html>' }],
])('%j is somebody else, and is tried again', async (answer) => {
  expect((await send(answer)).outcome).toMatchObject({ kind: 'retry' });
});

test('its token is in no words of a refusal', async () => {
  const { outcome } = await send(refused(401, `Unauthorized: ${token}`));
  expect(JSON.stringify(outcome)).not.toContain(token);
});

test('its options are said to be wrong before they are used', () => {
  const faultOf = (over: object) => telegramChannel.faultOf({ token, chat, ...over });
  expect(faultOf({})).toBeNull();
  expect(faultOf({ chat: '@prices' })).toBeNull();
  expect(faultOf({ token: 'abc' })).toContain('@BotFather');
  expect(faultOf({ chat: 'me' })).toContain('getUpdates');
  expect(telegramChannel.optionsSchema(z).safeParse({ token, chat }).success).toBe(true);
  expect(telegramChannel.secrets({ token, chat })).toEqual([token]);
});
