import { createCleaner } from '@sentinel/heartbeat-core';
import type { Notification } from '@sentinel/notify';
import { expect, test } from 'vitest';
import { cleanNotifier } from './clean-parts.ts';

test('people are told no secret, and names by which a bot or an order is found stay', () => {
  const sent: Notification[] = [];
  const notifier = cleanNotifier({ notify: (one) => void sent.push(one) }, createCleaner(['hunter22']));
  notifier.notify({
    kind: 'unhealthy',
    bot: 'bot-hunter22',
    at: 5,
    state: 'degraded',
    reason: 'the bot reports an error: login with hunter22\u001b[31m',
    lastStatus: '❌ password=other',
  });
  notifier.notify({ kind: 'test', bot: 'bot', by: 'ann' });
  expect(sent).toEqual([
    {
      kind: 'unhealthy',
      bot: 'bot-hunter22',
      at: 5,
      state: 'degraded',
      reason: 'the bot reports an error: login with [redacted]',
      lastStatus: '❌ password=[redacted]',
    },
    { kind: 'test', bot: 'bot', by: 'ann' },
  ]);
});
