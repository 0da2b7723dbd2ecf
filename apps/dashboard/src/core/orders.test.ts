import { describe, expect, test } from 'vitest';
import { hasIncident, noOutcome, orderOutcome, orderResult, whyGrey, whyNot } from './orders.ts';
import { parseStatus } from './wire.ts';

describe('the answer to an order', () => {
  test.each([
    [202, { id: 7 }, { kind: 'waiting', id: 7, text: 'Restart: the monitor is asked.' }],
    [401, {}, { kind: 'token', text: 'That token was not accepted.' }],
    [403, { detail: 'no token is configured' }, { kind: 'failed', text: 'no token is configured' }],
    [500, null, { kind: 'failed', text: 'The API answered 500 and did nothing.' }],
  ] as const)('%d', (status, body, result) => {
    expect(orderResult('restart', status, body)).toEqual(result);
  });
});

describe('what came of an order', () => {
  test('a refusal is a refusal', () => {
    const lines = ['refused: the restart budget is spent'];
    expect(orderOutcome('restart', { state: 'refused', settled: true, lines })).toEqual({
      kind: 'failed',
      text: 'Restart refused: the restart budget is spent',
    });
  });

  test('what a channel said, and that there is none, stands behind a colon', () => {
    const lines = ['no channel is set up: nobody would be told'];
    expect(orderOutcome('test-alert', { state: 'failed', settled: true, lines })).toEqual({
      kind: 'failed',
      text: 'Test alert: no channel is set up: nobody would be told',
    });
  });

  test('a test alert tells each channel', () => {
    const lines = ['slack: delivered in 0.3 s', 'fallback: delivered in 0.1 s'];
    expect(orderOutcome('test-alert', { state: 'done', settled: true, lines })).toEqual({
      kind: 'done',
      text: lines.join('\n'),
    });
  });

  test('what is not settled is waited for, and never called done', () => {
    const waiting = { state: 'waiting', settled: false, lines: ['no monitor has taken the order yet'] };
    expect(orderOutcome('pause', waiting)).toBeNull();
    expect(noOutcome('pause', waiting)).toMatchObject({
      kind: 'failed',
      text: expect.stringMatching(/no monitor/),
    });
    expect(noOutcome('pause', null).text).toBe('Pause: what came of it is not known');
  });
});

test('somebody can say that they have an incident while one is open', () => {
  for (const phase of ['down', 'exhausted', 'restarting', 'ending'])
    expect(hasIncident({ phase })).toBe(true);
  for (const phase of ['up', 'starting', 'suspect', 'stopped', null])
    expect(hasIncident({ phase })).toBe(false);
  expect(orderOutcome('ack', { state: 'done', settled: true, lines: ['done'] })?.text).toMatch(
    /^You have the incident/,
  );
});

test('what cannot be carried out is known before it is ordered', () => {
  const status = (more: Record<string, unknown>) =>
    parseStatus({ monitor: { alive: true, last_seen: null }, restarts_left: 3, ...more } as never);
  expect(whyNot('restart', status({}))).toBeNull();
  expect(whyNot('restart', status({ restarts_left: 0 }))).toContain('budget');
  expect(whyNot('restart', status({ phase: 'restarting' }))).toBe('A restart is under way.');
  expect(whyNot('restart', status({ phase: 'ending' }))).toBe('A restart is under way.');
  expect(whyNot('restart', status({ phase: 'exhausted' }))).toBeNull();
  expect(whyNot('restart', status({ restarts_left: null }))).toContain('no restart command');
  expect(whyNot('restart', status({ restart_safety: 'not safe: x. Do y' }))).toBe(
    'A restart is not safe: x. Do y.',
  );
  expect(whyNot('pause', status({ restarts_left: 0 }))).toBeNull();
  expect(whyNot('pause', status({ monitor: { alive: false } }))).toContain('No monitor');
  expect(whyNot('pause', status({ takes_orders: false }))).toContain('SENTINEL_API_TOKEN');
  expect(whyGrey(status({ monitor: { alive: false } }))).toEqual([
    whyNot('pause', status({ monitor: { alive: false } })),
  ]);
});

test('a stop that the monitor would refuse is grey, with its reason', () => {
  const why = 'the restart command ends the bot by itself, and the monitor knows no process of it';
  const held = parseStatus({
    ...{ monitor: { alive: true, last_seen: null }, restarts_left: 3, takes_orders: true },
    course: { not_stopped: why },
  } as never);
  expect(whyGrey(held)).toEqual([`It cannot be stopped: ${why}.`]);
});

test('a bot that a person has halted may be stopped: what holds back a restart does not hold back its end', () => {
  const halted = parseStatus({
    ...{ monitor: { alive: true, last_seen: null }, restarts_left: 3, takes_orders: true },
    ...{ halted_by_person: true, restart_safety: 'not safe: a person has halted the bot. Unhalt it' },
  } as never);
  expect(whyNot('stop', halted)).toBeNull();
  expect(whyGrey(halted)).toEqual(['It is halted: unhalt it first.']);
});
