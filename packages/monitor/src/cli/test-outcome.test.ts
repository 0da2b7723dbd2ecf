import { openRecords } from '@sentinel/history';
import { expect, test } from 'vitest';
import { tellDelivery, testOutcome } from './test-outcome.ts';

const add = (channels: readonly string[]) => {
  const records = openRecords(':memory:');
  records.addAlert({ key: 'k', at: 1000, body: '{"kind":"test","bot":"b","by":"ann"}' }, channels);
  return records;
};
const asked = { after: 0, bot: 'b', by: 'ann' };

test('a test alert without a channel is no success', async () => {
  expect(await testOutcome(add([]), asked)).toEqual({
    code: 1,
    line: 'no channel is set up: nobody would be told',
  });
});

test('a delivery, and a channel that does not answer, are told', async () => {
  const records = add(['slack']);
  expect(await testOutcome(records, asked, 0)).toMatchObject({
    code: 1,
    line: expect.stringContaining('slack: no answer within 0 s: the monitor tries again'),
  });
  const batch = records.nextBatch('slack', 9, 'x');
  if (batch !== null) records.finishBatch('slack', batch, 'sent', 1300);
  expect(await testOutcome(records, asked)).toEqual({ code: 0, line: 'slack: delivered in 0.3 s' });
});

test('a refusal is told with its reason', () => {
  const waiting = { channel: 'slack', result: null, finishedAt: null };
  const dead = { deadSince: 1, deadReason: 'HTTP 404 no_service', lastFailure: null };
  expect(tellDelivery({ at: 0 }, waiting, dead, 4000).line).toContain('slack: refused, HTTP 404 no_service');
});
