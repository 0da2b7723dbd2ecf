import { describe, expect, test } from 'vitest';
import type { Signal } from './signal.ts';
import { explainRejection, type Facts, type Rejection, type Rules, rejectionOf } from './validate.ts';

const rules: Rules = {
  symbols: ['MCL', 'MES'],
  maxQuantity: 5,
  maxDailyTrades: 10,
  maxDailyLoss: 100,
  maxOpenPositions: 3,
  maxSignalAgeMs: 60_000,
};
const now = Date.UTC(2026, 5, 1, 12);
const facts: Facts = {
  now,
  seenAt: now,
  price: 50,
  marketOpen: true,
  tradesToday: 0,
  openPositions: 0,
  profitToday: 0,
};
const buy: Signal = { symbol: 'MCL', direction: 'buy', quantity: 1, tp: 52, sl: 48 };
const sell: Signal = { ...buy, direction: 'sell', tp: 48, sl: 52 };

test.each([buy, sell])('a $direction with stop and target on their sides is accepted', (signal) => {
  expect(rejectionOf(signal, facts, rules)).toBeNull();
});

type Case = readonly [Rejection['code'], Partial<Signal>, Partial<Facts>];
const cases: readonly Case[] = [
  ['symbol-not-allowed', { symbol: 'ES' }, {}],
  ['quantity-too-large', { quantity: 6 }, {}],
  ['market-closed', {}, { marketOpen: false }],
  ['too-old', { timestamp: now - 60_001 }, {}],
  ['too-old', {}, { seenAt: now - 60_001 }],
  ['from-the-future', { timestamp: now + 60_001 }, {}],
  ['daily-limit', {}, { tradesToday: 10 }],
  ['daily-loss', {}, { profitToday: -100 }],
  ['too-many-positions', {}, { openPositions: 3 }],
  ['no-price', {}, { price: null }],
  ['stop-on-wrong-side', { sl: 50 }, {}],
  ['stop-on-wrong-side', { direction: 'sell', tp: 48, sl: 50 }, {}],
  ['target-on-wrong-side', { tp: 50 }, {}],
  ['target-on-wrong-side', { direction: 'sell', tp: 50, sl: 52 }, {}],
];

describe.each(cases)('%s: signal %j, facts %j', (code, signal, more) => {
  test('is refused for that reason, and says so', () => {
    const rejection = rejectionOf({ ...buy, ...signal }, { ...facts, ...more }, rules);
    expect(rejection?.code).toBe(code);
    expect(rejection && explainRejection(rejection)).toMatch(/^[^\n]{10,120}$/);
  });
});

test.each([
  [{ timestamp: now - 60_000 }, {}],
  [{ timestamp: now + 60_000 }, {}],
  [{ quantity: 5 }, {}],
  [{}, { tradesToday: 9, openPositions: 2, profitToday: -99.99 }],
])('the limits themselves are allowed: %j %j', (signal, more) => {
  expect(rejectionOf({ ...buy, ...signal }, { ...facts, ...more }, rules)).toBeNull();
});
