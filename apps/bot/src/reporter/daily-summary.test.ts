import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Closed } from '../broker/broker.ts';
import { type Memory, openMemory } from '../store/memory.ts';
import { createDailySummary } from './daily-summary.ts';
import type { BotEvent } from './events.ts';
import { toNotification } from './to-notification.ts';

let folder: string;
let memory: Memory;
let now: number;
let told: BotEvent[];

const summary = () =>
  createDailySummary({
    memory,
    report: async (event) => void told.push(event),
    timeZone: 'America/New_York',
    now: () => now,
  })();

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
  memory.results.add({ seq: 1, profit: 12.5 } as Closed, '2026-03-02');
  memory.results.add({ seq: 2, profit: -2.25 } as Closed, '2026-03-02');
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
