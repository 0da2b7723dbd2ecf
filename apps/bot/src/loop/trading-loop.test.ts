import { expect, test } from 'vitest';
import type { RoundResult } from './round.ts';
import { runTradingLoop } from './trading-loop.ts';

/** Runs the loop over a list of rounds, and stops it when they are used up. */
const run = async (rounds: readonly (RoundResult | Error)[], before = async () => undefined) => {
  const stop = new AbortController();
  const left = [...rounds];
  const beats: [string, unknown][] = [];
  await runTradingLoop(
    {
      before,
      round: async () => {
        const next = left.shift();
        if (next === undefined) {
          stop.abort();
          return { kind: 'waiting' };
        }
        if (next instanceof Error) throw next;
        return next;
      },
      pollMs: 1,
      errorBackoff: { firstMs: 1, maxMs: 4 },
      beat: (status, options) => void beats.push([status, options?.progress]),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined },
    },
    stop.signal,
  );
  return beats;
};
const complete: RoundResult = { kind: 'complete', signals: 0, trades: 0 };
const waiting: RoundResult = { kind: 'waiting' };

test('progress moves by one with each whole round, and not while the bot waits for its login', async () => {
  const beats = await run([complete, waiting, waiting, complete]);
  expect(beats.map(([, progress]) => progress)).toEqual([1, 2]);
});

test('an error is beaten as ❌ in one line, moves no progress, and the loop lives on', async () => {
  const beats = await run([complete, new Error('no network\nwith a long log'), complete]);
  expect(beats).toEqual([
    ['✅ Round complete - signals 0, trades 0', 1],
    ['❌ Trading loop error - no network; next try in 1 s', undefined],
    ['✅ Round complete - signals 0, trades 0', 2],
  ]);
});

test('what goes wrong before a round is an error of that round', async () => {
  let turns = 0;
  const beats = await run([complete], async () => {
    turns += 1;
    if (turns === 1) throw new Error('a broken drill');
    return undefined;
  });
  expect(beats.map(([status]) => status)).toEqual([
    '❌ Trading loop error - a broken drill; next try in 1 s',
    '✅ Round complete - signals 0, trades 0',
  ]);
});

test('a round that the stop cut short is no progress and no error', async () => {
  const stop = new AbortController();
  const beats: string[] = [];
  await runTradingLoop(
    {
      before: async () => undefined,
      round: async () => {
        stop.abort();
        throw new Error('cut short');
      },
      pollMs: 60_000,
      errorBackoff: { firstMs: 60_000, maxMs: 60_000 },
      beat: (status) => void beats.push(status),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined },
    },
    stop.signal,
  );
  expect(beats).toEqual([]);
});
