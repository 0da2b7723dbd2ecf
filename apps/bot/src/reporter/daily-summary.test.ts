import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Memory, openMemory } from '../store/memory.ts';
import { createDailySummary } from './daily-summary.ts';
import type { BotEvent } from './events.ts';
import { toNotification } from './to-notification.ts';

let folder: string;
let memory: Memory;
let now: number;
let told: BotEvent[];

const summarizer = (collect = async () => {}) =>
  createDailySummary({
    memory,
    report: async (event) => void told.push(event),
    collect,
    prune: () => undefined,
    timeZone: 'America/New_York',
    now: () => now,
  });
const summary = () => summarizer()();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-summary-'));
  memory = openMemory(join(folder, 'bot.db'));
  told = [];
});
afterEach(() => {
  memory.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a day is summed up once, as soon as the next one has begun where the market is', async () => {
  now = Date.parse('2026-03-02T20:00:00Z');
  await summary();
  memory.results.add('paper', { seq: 1, profit: 12.5 }, '2026-03-02');
  memory.results.add('paper', { seq: 2, profit: -2.25 }, '2026-03-02');
  now = Date.parse('2026-03-03T04:59:59Z');
  await summary();
  expect(told, 'in New York it is still the second of March').toEqual([]);
  now = Date.parse('2026-03-03T05:00:00Z');
  await summary();
  await summary();
  expect(told.map((event) => toNotification(event).notification)).toEqual([
    { kind: 'daily-summary', day: '2026-03-02', trades: 0, closed: 2, won: 1, lost: 1, profit: 10.25 },
  ]);
});

test('a bot that was down at midnight sums the day up at its next start', async () => {
  now = Date.parse('2026-03-02T20:00:00Z');
  await summary();
  memory.close();
  memory = openMemory(join(folder, 'bot.db'));
  now = Date.parse('2026-03-05T20:00:00Z');
  await summary();
  expect(told).toMatchObject([{ kind: 'daily-summary', day: '2026-03-02' }]);
});

test('what was closed and not counted yet is counted before the day is summed up', async () => {
  now = Date.parse('2026-03-02T20:00:00Z');
  await summary();
  now = Date.parse('2026-03-03T20:00:00Z');
  await summarizer(async () => memory.results.add('paper', { seq: 1, profit: 5 }, '2026-03-02'))();
  expect(told).toMatchObject([{ day: '2026-03-02', result: { closed: 1, profit: 5 } }]);
});

test('a broker that cannot be asked yet is waited for, an hour at most', async () => {
  now = Date.parse('2026-03-02T20:00:00Z');
  await summary();
  now = Date.parse('2026-03-03T20:00:00Z');
  const waiting = summarizer(() => Promise.reject(new Error('no session')));
  await waiting();
  now += 60 * 60 * 1000 - 1;
  await waiting();
  expect(told).toEqual([]);
  now += 1;
  await waiting();
  await waiting();
  expect(told).toMatchObject([{ kind: 'daily-summary', day: '2026-03-02' }]);
});
