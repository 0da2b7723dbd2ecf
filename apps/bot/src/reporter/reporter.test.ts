import { expect, test } from 'vitest';
import { createRedactor } from '../core/redact.ts';
import { createReporter } from './reporter.ts';

test('no secret leaves in a message, and the words that make it one stay', async () => {
  const kept: unknown[] = [];
  const report = createReporter({
    notifier: {
      keep: (notification) => {
        kept.push(notification);
        return 'disk';
      },
      channels: () => [],
    },
    bot: 'bot',
    beat: () => undefined,
    redact: createRedactor(['Hunter2secret', 'custom', 'sell']),
  });
  await report({ kind: 'login-failure', reason: 'at http://x:Hunter2secret@127.0.0.1/', failures: 2 });
  await report({ kind: 'custom', severity: 'critical', text: 'Hunter2secret' });
  const order = { id: 'o-1', symbol: 'MCL', side: 'sell', quantity: 1, target: 1, stop: 2 } as const;
  await report({ kind: 'trade-failed', order, reason: 'Hunter2secret' });
  expect(kept).toMatchObject([
    { kind: 'login-failure', reason: 'at http://x:[secret]@127.0.0.1/', failures: 2 },
    { kind: 'custom', severity: 'critical', text: '[secret]' },
    { kind: 'trade-failed', side: 'sell', quantity: 1, reason: '[secret]' },
  ]);
});
