import { channelOf, type Notification } from '@sentinel/notify';
import {
  type SlackMessage,
  type SlackMishap,
  startSlackMessages,
} from '@sentinel/tooling-vitest/slack-messages';
import { expect, onTestFinished, test, vi } from 'vitest';
import { slackChannel } from '../src/index.ts';
import { soon, useDelivery } from './support/delivery.ts';

const { world } = useDelivery();
const token = 'xoxb-0123456789-abc';
const channel = 'C0123456789';
const incident = 'alpha@2026-01-05T00:00:00.000Z';
const at = Date.now();
const page = 'https://bots.example.org/';

const stale: Notification = {
  ...{ kind: 'unhealthy', bot: 'alpha', incident, at, state: 'stale', reason: 'no beat for 61 s' },
  output: 'Traceback: no route to broker',
};
const acknowledged: Notification = {
  ...{ kind: 'acknowledged', bot: 'alpha', incident, by: 'ann', note: 'on it', forMs: null },
};
const attempted: Notification = { kind: 'restart-attempted', bot: 'alpha', incident, attempt: 1, most: 5 };
const recovered: Notification = { kind: 'recovered', bot: 'alpha', incident, outageMs: 90_000 };

const open = async (mishap: (method: string) => SlackMishap | undefined = () => undefined) => {
  const slack = await startSlackMessages({ mishap });
  onTestFinished(slack.close);
  const begin = (options: object = {}) =>
    world().begin(
      [channelOf(slackChannel, { token, channel, server: slack.url, ...options }, { name: 'team' })],
      { page },
    );
  return { slack, begin };
};
/** Each of these, once, then well. */
const once = (...mishaps: readonly (readonly [method: string, mishap: SlackMishap])[]) => {
  const left = [...mishaps];
  return (method: string) => (left[0]?.[0] === method ? left.shift()?.[1] : undefined);
};
const shown = ({ bodies }: SlackMessage) => JSON.stringify(bodies.at(-1));
const ofRoot = ({ bodies }: SlackMessage) => bodies[0]?.thread_ts;

test('an incident is one message, which shows how it is, with what happens in a thread below it', async () => {
  const { slack, begin } = await open();
  const notifier = await begin();
  for (const [index, notification] of [stale, attempted, acknowledged, recovered].entries()) {
    notifier.notify(notification);
    await vi.waitFor(() => expect(slack.messages[0]?.bodies).toHaveLength(index + 1), soon);
  }
  const [root, ...replies] = slack.messages;
  if (root === undefined) throw new Error('nothing was posted');
  expect(slack.messages).toHaveLength(4);
  expect(replies.map(ofRoot)).toEqual([root.ts, root.ts, root.ts]);
  const states = root.bodies.map(
    (body) => /\*(Open|Acknowledged|Ended)[^*]*\*/.exec(JSON.stringify(body))?.[0],
  );
  expect(states).toEqual([
    '*Open*',
    expect.stringMatching(/^\*Open\. .*being restarted \(attempt 1/),
    expect.stringMatching(/^\*Acknowledged\. .*ann/),
    expect.stringMatching(/^\*Ended\. .*has recovered/),
  ]);
  // What it began with stays in it.
  expect(shown(root)).toContain('Traceback: no route to broker');
  expect(shown(root)).toContain('"url":"https://bots.example.org/#incident=');
  // Nobody is notified of what is in a thread only: the end is shown to all.
  expect(replies.map(({ bodies }) => bodies[0]?.reply_broadcast)).toEqual([undefined, undefined, true]);
  expect(slack.messages.map(({ bodies }) => bodies[0]?.metadata)).toEqual(
    slack.messages.map(() => ({
      event_type: 'sentinel_incident',
      event_payload: { id: expect.any(String), incident },
    })),
  );
});

test('the next monitor edits the same message, and goes on in its thread', async () => {
  const { slack, begin } = await open();
  const first = await begin();
  first.notify(stale);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  const second = await begin();
  second.notify(recovered);
  await vi.waitFor(() => expect(shown(slack.messages[0] as SlackMessage)).toContain('Ended.'), soon);
  expect(slack.messages).toHaveLength(2);
  expect(ofRoot(slack.messages[1] as SlackMessage)).toBe(slack.messages[0]?.ts);
});

test('what is about no incident stands by itself', async () => {
  const { slack, begin } = await open();
  const notifier = await begin();
  notifier.notify({ kind: 'test', bot: 'alpha', by: 'ann' });
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  expect(slack.calls).toEqual(['chat.postMessage']);
  expect(slack.messages[0]?.bodies[0]?.metadata?.event_type).toBe('sentinel_notification');
});

test('an edit that fails is tried again, and what was said is not said twice', async () => {
  const { slack, begin } = await open(
    once(['chat.update', { status: 503, body: '' }], ['chat.update', 'dropped']),
  );
  const notifier = await begin();
  notifier.notify(stale);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  notifier.notify(attempted);
  await vi.waitFor(() => expect(slack.messages[0]?.bodies).toHaveLength(2), soon);
  expect(slack.messages).toHaveLength(2);
});

test('an edit that is limited for an hour holds up no alert', async () => {
  const { slack, begin } = await open((method) =>
    method === 'chat.update' ? { status: 429, retryAfter: 3600 } : undefined,
  );
  const notifier = await begin();
  notifier.notify(stale);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  notifier.notify(attempted);
  await vi.waitFor(() => expect(slack.calls).toContain('chat.update'), soon);
  notifier.notify(recovered);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(3), soon);
});

test('only what nobody answered comes twice, under the same id, and says so', async () => {
  const { slack, begin } = await open(once(['chat.postMessage', 'lost']));
  const notifier = await begin();
  notifier.notify(stale);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(2), soon);
  const ids = slack.messages.map(({ bodies }) => bodies[0]?.metadata?.event_payload.id);
  expect(new Set(ids).size).toBe(1);
  expect(shown(slack.messages[1] as SlackMessage)).toContain('may have come before');
});

test.each([
  [{ word: 'ratelimited' }],
  [{ status: 429, retryAfter: 3 }],
  [{ word: 'internal_error' }],
  [{ status: 200, body: '<html>sign in</html>' }],
] as const)('%j passes: the message is sent again', async (mishap) => {
  const { slack, begin } = await open(once(['chat.postMessage', mishap]));
  const notifier = await begin();
  notifier.notify(stale);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  expect(world().facts()).toMatchObject([{ deadSince: null }]);
});

test.each(['invalid_auth', 'channel_not_found', 'not_in_channel', 'is_archived', 'missing_scope'])(
  'a refusal in the word %s is one of the channel, in the words of Slack',
  async (word) => {
    const { begin } = await open(() => ({ word }));
    const notifier = await begin();
    notifier.notify(stale);
    await vi.waitFor(() => expect(notifier.channels()[0]?.dead).toBe(`Slack: ${word}`), soon);
  },
);

test('a message whose form is refused is sent as plain text', async () => {
  const { slack, begin } = await open(once(['chat.postMessage', { word: 'invalid_blocks' }]));
  const notifier = await begin();
  notifier.notify(stale);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  expect(slack.messages[0]?.bodies[0]).not.toHaveProperty('blocks');
});

test('where somebody has deleted the message, the incident gets a new one', async () => {
  const { slack, begin } = await open();
  const notifier = await begin();
  notifier.notify(stale);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  slack.remove(slack.messages[0]?.ts ?? '');
  notifier.notify(recovered);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  expect(ofRoot(slack.messages[0] as SlackMessage)).toBeUndefined();
});

test('messages that had to wait come as one, and the message of the incident shows its end', async () => {
  let isDown = false;
  const { slack, begin } = await open(() => (isDown ? { status: 503, body: '' } : undefined));
  const notifier = await begin();
  notifier.notify(stale);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  isDown = true;
  for (let attempt = 1; attempt <= 12; attempt += 1) notifier.notify({ ...attempted, attempt });
  notifier.notify(recovered);
  await vi.waitFor(() => expect(slack.calls.length).toBeGreaterThan(1), soon);
  isDown = false;
  await vi.waitFor(() => expect(shown(slack.messages[0] as SlackMessage)).toContain('Ended.'), soon);
  const summaries = slack.messages.filter((message) => shown(message).includes('had to wait'));
  expect(summaries).toHaveLength(1);
});

test('in another channel there is another message', async () => {
  const { slack, begin } = await open();
  const first = await begin();
  first.notify(stale);
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), soon);
  const second = await begin({ channel: 'C0000000000' });
  second.notify(recovered);
  await vi.waitFor(() => expect(second.channels()[0]?.dead).toBe('Slack: channel_not_found'), soon);
  expect(slack.messages[0]?.bodies).toHaveLength(1);
});

test('its options are said to be wrong before they are used', () => {
  expect(slackChannel.faultOf({ token, channel })).toBeNull();
  expect(slackChannel.faultOf({ token, channel: '#alerts' })).toContain('C0123456789');
  expect(slackChannel.faultOf({ token: 'xapp', channel })).toContain('xoxb-');
  expect(slackChannel.faultOf({ url: 'https://hooks.slack.com/x', token, channel })).toContain('both');
  expect(slackChannel.faultOf({})).toContain('no URL');
  expect(slackChannel.secrets({ token, channel })).toEqual([token]);
});
