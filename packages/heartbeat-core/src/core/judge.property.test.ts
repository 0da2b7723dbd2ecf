import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HealthPolicy } from './health.ts';
import { judge } from './judge.ts';
import { type Market, marketOfClosure } from './market/market.ts';
import { readMarketHours } from './market/market-hours.ts';
import type { Reading } from './reading.ts';
import type { Evidence } from './seen.ts';

const at = Date.parse('2026-11-20T20:00:00Z');
const hour = 3_600_000;
const ms = fc.integer({ min: -2 * hour, max: 30 * hour });
const age = fc.nat(20 * hour);

const policies: fc.Arbitrary<HealthPolicy> = fc.record({
  maxAgeMs: fc.integer({ min: 1000, max: 10 * hour }),
  maxStallMs: fc.option(fc.integer({ min: 1000, max: 10 * hour })),
  futureToleranceMs: fc.constant(60_000),
});
const markets: fc.Arbitrary<Market | null> = fc.constantFrom(
  null,
  marketOfClosure({ from: at + hour, to: at + 50 * hour }),
  marketOfClosure({ from: at - 3 * hour, to: at + hour }),
  readMarketHours({ timeZone: 'UTC', dailyBreak: { from: '22:00', to: '23:00' } }),
);
const readings: fc.Arbitrary<Reading> = fc.record({
  kind: fc.constant('beat'),
  record: fc.record({
    status: fc.constant('✅ On'),
    indicator: fc.constantFrom('✅', '❌'),
    message: fc.constant('On'),
    timestamp: fc.constant(''),
    updatedAt: ms.map((ago) => at - ago),
    sessionActive: fc.constant(true),
    stopped: fc.boolean(),
    progress: fc.constant(1),
  }),
});
const known = fc.record(
  {
    unchangedMs: age,
    stalledMs: age,
    exact: fc.boolean(),
    gone: fc.constant({ pid: 7, exitCode: null }),
    stuckForMs: age,
  },
  { requiredKeys: ['unchangedMs', 'stalledMs', 'exact'] },
);
/** The same evidence some time later, if nothing has happened. */
const later = (evidence: Evidence | null, passed: number): Evidence | null =>
  evidence && {
    ...evidence,
    unchangedMs: evidence.unchangedMs + passed,
    stalledMs: evidence.stalledMs + passed,
    ...(evidence.stuckForMs === undefined ? {} : { stuckForMs: evidence.stuckForMs + passed }),
  };

test('whoever holds a verdict may sleep until its next change: before it, nothing becomes another', () => {
  fc.assert(
    fc.property(
      readings,
      fc.option(known),
      policies,
      markets,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (reading, evidence, policy, market, share) => {
        const first = judge(reading, evidence, policy, market, at);
        const passed = Math.floor((first.changesInMs ?? 30 * hour) * share);
        const then = judge(reading, later(evidence, passed), policy, market, at + passed);
        expect([then.state, then.closed]).toEqual([first.state, first.closed]);
      },
    ),
    { numRuns: 5000 },
  );
});

test('a beat that was seen to come turns stale at its deadline, and not before', () => {
  fc.assert(
    fc.property(readings, age, policies, markets, (reading, unchangedMs, policy, market) => {
      const evidence: Evidence = { unchangedMs, stalledMs: 0, exact: true };
      const { state, staleInMs } = judge(reading, evidence, { ...policy, maxStallMs: null }, market, at);
      if (state === 'stopped' || staleInMs === null || staleInMs <= 0) return;
      const look = (passed: number) =>
        judge(reading, later(evidence, passed), { ...policy, maxStallMs: null }, market, at + passed).state;
      expect(look(staleInMs - 1)).not.toBe('stale');
      expect(look(staleInMs)).toBe('stale');
    }),
    { numRuns: 2000 },
  );
});
