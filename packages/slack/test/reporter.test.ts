import { expect, test } from 'vitest';
import { createSlackReporter } from '../src/index.ts';

const alive = { name: 'slack', dead: null };
const dead = { name: 'slack-critical', dead: 'HTTP 404 no_service' };

const reporterOf = (
  kept: 'disk' | 'memory' | 'nowhere',
  channels: readonly { name: string; dead: string | null }[] = [alive],
) => {
  const said: unknown[] = [];
  const reporter = createSlackReporter({
    notifier: {
      keep: (notification) => (said.push(notification) > 0 ? kept : 'nowhere'),
      channels: () => channels,
    },
    bot: 'bot',
    beat: (status) => said.push(status),
  });
  return { said, ...reporter };
};

test('it beats 📢 before a message, and ✅ when it is on disk', () => {
  const { said, sendSlackNotification } = reporterOf('disk');
  expect(
    sendSlackNotification('Margin is low', { type: 'margin', sessionId: '5f1c', severity: 'warning' }),
  ).toBe(true);
  expect(said).toEqual([
    '📢 Slack notification - margin',
    {
      kind: 'custom',
      bot: 'bot',
      severity: 'warning',
      title: 'bot: margin',
      text: 'Margin is low',
      sessionId: '5f1c',
    },
    '✅ Slack notification queued - margin',
  ]);
});

test.each(['memory', 'nowhere'] as const)(
  'it beats ❌ when a message is kept %s, and does not throw',
  (kept) => {
    const { said, sendSlackNotification } = reporterOf(kept);
    expect(sendSlackNotification('text')).toBe(false);
    expect(said.at(-1)).toBe('❌ Slack notification failed - notice');
  },
);

test('without a channel it says that the message was logged', () => {
  const { said, report } = reporterOf('disk', []);
  report({ kind: 'startup', broker: 'paper', signals: 'demo' }, 'start-up');
  expect(said.at(-1)).toBe('✅ Slack not set up - start-up logged');
});

test('it beats ❌ when every channel is dead, and says that the message waits', () => {
  const { said, sendSlackNotification } = reporterOf('disk', [dead]);
  expect(sendSlackNotification('text', { type: 'margin' })).toBe(false);
  expect(said.at(-1)).toBe('❌ Slack webhook dead - margin waits');
  expect(reporterOf('disk', [dead, alive]).sendSlackNotification('text')).toBe(true);
});

test('what is no option is none', () => {
  const { said, sendSlackNotification } = reporterOf('disk');
  expect(sendSlackNotification('text', null)).toBe(true);
  expect(said[1]).toMatchObject({ severity: 'info', title: 'bot: notice', text: 'text' });
});

test.each([
  ['error', 'critical'],
  ['login_failed', 'warning'],
  ['trade_failed', 'warning'],
  ['shutdown', 'warning'],
  ['github_update_error', 'warning'],
  ['trade_executed', 'info'],
  ['constructor', 'info'],
])('a message of the old type %s is %s, unless it says otherwise', (type, severity) => {
  const { said, sendSlackNotification } = reporterOf('disk');
  sendSlackNotification('text', { type });
  sendSlackNotification('text', { type, severity: 'info' });
  expect(said[1]).toMatchObject({ severity, title: `bot: ${type}` });
  expect(said[4]).toMatchObject({ severity: 'info' });
});

test('what the old reporter was given beside the message is shown, and nothing that is no text', () => {
  const { said, sendSlackNotification } = reporterOf('disk');
  const odd = { tp: null as unknown as string, sl: Number.NaN };
  const trade = { symbol: 'MCL', direction: 'buy', entry: 50.01, profit: 0, ...odd };
  sendSlackNotification('Trade executed', { type: 'trade_executed', ...trade, fields: { Broker: 'paper' } });
  expect(said[1]).toEqual({
    kind: 'custom',
    bot: 'bot',
    severity: 'info',
    title: 'bot: trade_executed',
    text: 'Trade executed',
    fields: {
      Symbol: 'MCL',
      Direction: 'buy',
      Entry: '50.01',
      'Stop loss': 'NaN',
      Profit: '0',
      Broker: 'paper',
    },
  });
});
