import { expect, test } from 'vitest';
import type { CycleResult } from './cycle.ts';
import { runTradingLoop } from './trading-loop.ts';

/** Runs the loop over a list of cycles, and stops it when they are used up. */
const run = async (cycles: readonly (CycleResult | Error)[], before = async () => undefined) => {
  const stop = new AbortController();
  const left = [...cycles];
  const beats: [string, unknown][] = [];
  await runTradingLoop(
    {
      before,
      cycle: async () => {
        const next = left.shift();
        if (next === undefined) {
          stop.abort();
          return { kind: 'waiting' };
        }
        if (next instanceof Error) throw next;
        return next;
      },
      pollMs: 1,
      errorBackoff: { firstMs: 1, longestMs: 4 },
      beat: (status, options) => void beats.push([status, options?.progress]),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined },
    },
    stop.signal,
  );
  return beats;
};
const complete: CycleResult = { kind: 'complete', signals: 0, trades: 0, facts: {} };
const waiting: CycleResult = { kind: 'waiting' };

test('progress moves by one with each whole cycle, and not while the bot waits for its login', async () => {
  const beats = await run([complete, waiting, waiting, complete]);
  expect(beats.map(([, progress]) => progress)).toEqual([1, 2]);
});

test('an error is beaten as ❌ in one line, moves no progress, and the loop lives on', async () => {
  const beats = await run([complete, new Error('no network\nwith a long log'), complete]);
  expect(beats).toEqual([
    ['✅ Cycle complete - signals 0, trades 0', 1],
    ['❌ Trading loop error - no network; next try in 1 s', undefined],
    ['✅ Cycle complete - signals 0, trades 0', 2],
  ]);
});

test('what goes wrong before a cycle is an error of that cycle', async () => {
  let turns = 0;
  const beats = await run([complete], async () => {
    turns += 1;
    if (turns === 1) throw new Error('a broken drill');
    return undefined;
  });
  expect(beats.map(([status]) => status)).toEqual([
    '❌ Trading loop error - a broken drill; next try in 1 s',
    '✅ Cycle complete - signals 0, trades 0',
  ]);
});

test('a cycle that the stop cut short is no progress and no error', async () => {
  const stop = new AbortController();
  const beats: string[] = [];
  await runTradingLoop(
    {
      before: async () => undefined,
      cycle: async () => {
        stop.abort();
        throw new Error('cut short');
      },
      pollMs: 60_000,
      errorBackoff: { firstMs: 60_000, longestMs: 60_000 },
      beat: (status) => void beats.push(status),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined },
    },
    stop.signal,
  );
  expect(beats).toEqual([]);
});

test('what a cycle found of the account is in its last beat', async () => {
  const facts = { halted: 'daily loss limit', exposure: { positions: [] } };
  const given: unknown[] = [];
  const stop = new AbortController();
  await runTradingLoop(
    {
      before: async () => undefined,
      cycle: async () => ({ ...complete, facts }),
      pollMs: 1,
      errorBackoff: { firstMs: 1, longestMs: 4 },
      beat: (_status, options) => {
        given.push(options);
        stop.abort();
      },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined },
    },
    stop.signal,
  );
  expect(given).toEqual([{ progress: 1, ...facts }]);
});
