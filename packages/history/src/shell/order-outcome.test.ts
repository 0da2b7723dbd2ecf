import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redact } from '@sentinel/heartbeat-core';
import { expect, onTestFinished, test } from 'vitest';
import { tellDelivery } from '../core/tell-delivery.ts';
import { orderOutcome, orderResult } from './order-outcome.ts';
import { openRecords } from './record.ts';

const empty = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-order-'));
  const records = openRecords(join(folder, 'sentinel.db'));
  onTestFinished(() => {
    records.close();
    rmSync(folder, { recursive: true });
  });
  return records;
};

/** A journal in which ann has ordered, and a monitor has taken the order where there is a result. */
const ordered = (kind: string, result: string | null = 'done', channels: readonly string[] = []) => {
  const records = empty();
  const id = records.addOrder({ bot: 'b', at: 900, kind, by: 'ann', args: {} });
  if (kind === 'test-alert')
    records.addAlert({ key: 'k', at: 1000, body: '{"kind":"test","bot":"b","by":"ann"}' }, channels);
  if (result !== null) records.finishOrder(id, 1000, result);
  return { records, outcome: (now = 1000) => orderOutcome(records, id, now) };
};

test('an order waits until a monitor takes it, and is done or refused by its word', () => {
  expect(ordered('restart', null).outcome()).toMatchObject({ state: 'waiting', settled: false });
  expect(ordered('restart', null).outcome(70_000)).toMatchObject({ state: 'refused', settled: true });
  expect(ordered('pause').outcome()).toMatchObject({ state: 'done', settled: true });
  const refused = 'refused: the restart budget is spent';
  expect(ordered('restart', refused).outcome()).toMatchObject({ state: 'refused', lines: [refused] });
  expect(orderOutcome(empty(), 1, 0)).toBeNull();
});

test('a test alert without a channel is no success', () => {
  expect(ordered('test-alert').outcome()).toMatchObject({
    state: 'failed',
    lines: ['no channel is set up, or notifications are off (--no-notify): nobody would be told'],
  });
});

test('a test alert of before is not said to be done where it reached nobody', () => {
  const resultOf = (kind: string, result: string | null) => {
    const { records } = ordered(kind, result);
    return records.ordersOf({ bot: 'b', limit: 1 }).map((order) => orderResult(records, order, 9000))[0];
  };
  expect(resultOf('test-alert', 'done')).toMatch(/^no channel is set up/);
  expect(resultOf('test-alert', null)).toBeNull();
  expect(resultOf('pause', 'done')).toBe('done');
});

test('a delivery, and a channel that does not answer, are told', () => {
  const { records, outcome } = ordered('test-alert', 'done', ['slack']);
  expect(outcome()).toMatchObject({
    state: 'waiting',
    lines: ['slack: under way for 0 s'],
  });
  expect(outcome(9001)).toMatchObject({
    state: 'failed',
    settled: true,
    lines: [expect.stringContaining('slack: not sent within 8 s, since the channel is not free yet')],
  });
  const tried = records.nextBatch('slack', 9, 'x');
  if (tried !== null) records.beginBatch('slack', tried);
  expect(outcome(9001)?.lines).toEqual([
    expect.stringContaining('slack: no answer within 8 s. The monitor tries again'),
  ]);
  const batch = records.nextBatch('slack', 9, 'x');
  if (batch !== null) records.finishBatch('slack', batch, 'sent', 1300);
  expect(outcome()).toMatchObject({ state: 'done', settled: true, lines: ['slack: delivered in 0.3 s'] });
});

test('a test alert for one channel is not told of the others, and one that nobody has is named', () => {
  const records = empty();
  const ofOne = (channel: string, channels: readonly string[]) => {
    const by = `ann for ${channel}`;
    const id = records.addOrder({ bot: 'b', at: 900, kind: 'test-alert', by, args: { channel } });
    const body = JSON.stringify({ kind: 'test', bot: 'b', by, channel });
    records.addAlert({ key: channel, at: 1000, body }, channels);
    records.finishOrder(id, 1000, 'done');
    return orderOutcome(records, id, 1000);
  };
  const row = {
    urlHash: '',
    deadSince: null,
    deadReason: null,
    nextAt: 0,
    lastSentAt: null,
    lastFailure: null,
  };
  records.setChannel({ ...row, name: 'dead', deadSince: 1, deadReason: 'HTTP 404' });
  records.setChannel({ ...row, name: 'phone' });
  expect(ofOne('phone', ['phone'])?.lines).toEqual(['phone: under way for 0 s']);
  expect(ofOne('fone', [])).toMatchObject({
    state: 'failed',
    lines: ['no channel is called fone, or notifications are off (--no-notify). Known: dead, phone'],
  });
});

test('a refusal is told with its reason', () => {
  const waiting = { channel: 'slack', result: null, attempts: 1, finishedAt: null };
  const dead = { deadSince: 1, deadReason: 'HTTP 404 no_service', lastFailure: null };
  expect(tellDelivery({ at: 0 }, waiting, dead, 4000).line).toContain('slack: refused, HTTP 404 no_service');
  const unset = { ...dead, deadReason: 'NTFY_URL is not set' };
  expect(tellDelivery({ at: 0 }, waiting, unset, 4000).line).toContain(
    'slack: not sent, NTFY_URL is not set',
  );
  // What Slack says of a token is no secret, and is not shown as one.
  const token = { ...dead, deadReason: 'HTTP 403 invalid_token' };
  const words = tellDelivery({ at: 0 }, waiting, token, 4000).line;
  expect(redact(words)).toBe(
    'slack: refused, HTTP 403 invalid_token. Messages wait until the channel is mended',
  );
});
