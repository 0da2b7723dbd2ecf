import { expect, test } from 'vitest';
import {
  at,
  batchOf,
  note,
  recovered,
  sendThrough,
  stale,
  startService,
} from '../../test/support/service.ts';
import { discordChannel } from './channel.ts';

const taken = { status: 200, body: { id: '1234567890', type: 0, content: '' } };
const refused = (status: number, code: number, message: string) => ({ status, body: { message, code } });

const send = async (
  answer: { status: number; body?: unknown; headers?: object },
  batch = batchOf([recovered]),
) => {
  const service = await startService(() => answer);
  const url = `${service.url}/api/webhooks/1/secret-of-the-webhook`;
  return { outcome: await sendThrough(discordChannel, { url }, batch), asked: service.asked };
};

test('a message is one card, in its colour, and calls nobody by name', async () => {
  const { outcome, asked } = await send(taken, batchOf([stale]));
  expect(outcome).toEqual({ kind: 'sent' });
  expect(asked[0]?.path).toBe('/api/webhooks/1/secret-of-the-webhook?wait=true');
  expect(asked[0]?.body).toMatchObject({
    embeds: [
      { title: expect.stringContaining('bot'), color: 0xd0_34_3a, timestamp: new Date(at).toISOString() },
    ],
    allowed_mentions: { parse: [] },
  });
});

test('what a bot says is text: it forges no link, hides nothing and shows no other time', async () => {
  const forged = note('[sign in](http://evil.example) ||hidden|| <t:0:R> `code` ||');
  const text = String.raw`\[sign in](http://evil.example) \|\|hidden\|\| \<t:0:R> \`code\` \|\|`;
  for (const batch of [batchOf([forged]), batchOf([forged, forged])]) {
    const { asked } = await send(taken, batch);
    expect(JSON.stringify(asked[0]?.body)).toContain(JSON.stringify(text).slice(1, -1));
  }
});

test('messages that had to wait, and a card that was refused, come as text of a length that Discord takes', async () => {
  const many = batchOf(Array.from({ length: 30 }, () => note('@everyone '.repeat(30))));
  for (const batch of [many, batchOf([note('x'.repeat(9000))], { refusal: 'HTTP 400' })]) {
    const { asked } = await send(taken, batch);
    expect(asked[0]?.body.embeds).toBeUndefined();
    expect(asked[0]?.body.content?.length).toBeLessThanOrEqual(2000);
  }
});

test.each([
  [refused(404, 10_015, 'Unknown Webhook'), 'channel'],
  [refused(401, 50_027, 'Invalid Webhook Token'), 'channel'],
  [refused(400, 50_035, 'Invalid Form Body'), 'message'],
])('%j is a refusal of the %s', async (answer, of) => {
  expect((await send(answer)).outcome).toMatchObject({
    kind: 'permanent',
    of,
    detail: `HTTP ${answer.status}: ${answer.body.message}`,
  });
});

test('a limit is waited for as long as Discord says', async () => {
  const { outcome } = await send({
    status: 429,
    headers: { 'Retry-After': '3' },
    body: { message: 'You are being rate limited.', retry_after: 2.6, global: false },
  });
  expect(outcome).toMatchObject({ kind: 'retry', reason: 'rate-limited', waitMs: 3000 });
});

test.each([[{ status: 200, body: '<html>sign in</html>' }], [{ status: 403, body: 'error code: 1015' }]])(
  '%j is somebody else, and is tried again',
  async (answer) => {
    expect((await send(answer)).outcome).toMatchObject({ kind: 'retry', reason: 'foreign' });
  },
);

test('its address is in no words of a refusal, and is checked before it is used', async () => {
  const { outcome } = await send(refused(404, 10_015, 'Unknown Webhook'));
  expect(JSON.stringify(outcome)).not.toContain('secret-of-the-webhook');
  expect(discordChannel.faultOf({ url: 'discord.com' })).toContain('no URL');
});
