import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SupervisorState } from '../src/core/supervisor-state.ts';
import type { Deed, Happening } from './happenings.ts';
import { beatMs, health, intervalMs, play, policy } from './world.ts';

const happening = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Happening>({ what: 'dies' }) },
  { weight: 3, arbitrary: fc.constant<Happening>({ what: 'goes-on' }) },
  fc.constantFrom<Happening>(
    { what: 'stops' },
    { what: 'garbles' },
    { what: 'reports-error' },
    { what: 'loses-session' },
    { what: 'stalls' },
    { what: 'becomes-polite' },
    { what: 'restart-is-ordered' },
    { what: 'is-seen-gone' },
    { what: 'another-starts' },
  ),
  fc.record({ what: fc.constant('pause' as const), minutes: fc.integer({ min: 1, max: 10 }) }),
  fc.record({
    what: fc.constant('clock-jumps' as const),
    byMs: fc.integer({ min: -7_200_000, max: 7_200_000 }),
  }),
  fc.record({ what: fc.constant('monitor-dies' as const), awayMs: fc.integer({ min: 1, max: 400_000 }) }),
  fc.record({
    what: fc.constant('restarts-will' as const),
    outcome: fc.constantFrom(
      'work' as const,
      'fail' as const,
      'hang' as const,
      'be-late' as const,
      'be-refused' as const,
    ),
  }),
);
const scripts = fc.array(fc.record({ afterMs: fc.integer({ min: 1, max: 240_000 }), happening }), {
  minLength: 1,
  maxLength: 40,
});
const hours = fc.constantFrom(null, { timeZone: 'UTC', dailyBreak: { from: '00:30', to: '00:45' } });
const stalls = fc.constantFrom(null, 60_000);
// One seed for all of them: what holds of every history is asked of the same ones, and each is played once.
const { HISTORIES = '500', HISTORIES_SEED = String(Math.trunc(Math.random() * 2 ** 31)) } = process.env;
const runs = { numRuns: Number(HISTORIES), seed: Number(HISTORIES_SEED) };
const played = new Map<string, readonly Deed[]>();

const forAll = (check: (deeds: readonly Deed[]) => void) =>
  fc.assert(
    fc.property(scripts, hours, stalls, (script, open, maxStallMs) => {
      const history = JSON.stringify([script, open, maxStallMs]);
      const deeds = played.get(history) ?? play(script, { hours: open, maxStallMs }).deeds;
      played.set(history, deeds);
      check(deeds);
    }),
    runs,
  );
const graceOf = ({ grace }: SupervisorState) => grace?.until ?? 0;
const restartsOf = (deeds: readonly Deed[]) => deeds.filter(({ kind }) => kind === 'restart');

// In the name, so that a run that was cut off says it too.
describe(`histories of HISTORIES_SEED=${runs.seed}`, () => {
  test('5,000 restarts in a night cannot happen: every restart counts in a wall-clock window', () => {
    forAll((deeds) => {
      const restarts = restartsOf(deeds);
      for (const { at } of restarts)
        expect(
          restarts.filter((other) => other.at <= at && at - other.at < policy.windowMs).length,
        ).toBeLessThanOrEqual(policy.most);
    });
  });

  test('a restart is never made in a grace, while paused, closed, stopped on purpose, or once the budget was spent', () => {
    forAll((deeds) => {
      for (const { at, before, closed, stopped, ordered } of restartsOf(deeds)) {
        // What a person orders is bound by the budget, and by the grace of the restart before: see the tests beside this.
        if (ordered) continue;
        expect(before.pausedUntil === null || at >= before.pausedUntil).toBe(true);
        expect(at).toBeGreaterThanOrEqual(before.phase === 'restarting' ? graceOf(before) : 0);
        expect(before.phase === 'starting' ? at >= graceOf(before) : true).toBe(true);
        expect({ exhausted: before.incident?.exhausted ?? false, closed, stopped }).toEqual({
          exhausted: false,
          closed: false,
          stopped: false,
        });
      }
    });
  });

  const wasRefused = ({ action }: Deed) =>
    action.kind === 'notify' &&
    action.notification.kind === 'restart-failed' &&
    action.notification.reason === 'the bot cannot be ended';

  test('a booting bot is not restarted again: between two restarts lies a whole grace, or a beat of the new start', () => {
    forAll((deeds) => {
      let open: number | null = null;
      for (const deed of deeds) {
        const { at, kind } = deed;
        // Of a command that was not run no bot can boot.
        if (wasRefused(deed)) open = null;
        if (kind === 'restart') {
          if (open !== null) expect(at - open).toBeGreaterThanOrEqual(policy.graceMs);
          open = at;
        } else if (kind === 'restart-verified' || kind === 'recovered') open = null;
      }
    });
  });

  test('every incident that is told of has one beginning, then one end', () => {
    forAll((deeds) => {
      let open = false;
      for (const { kind, action, ends } of deeds) {
        const isAgain = action.kind === 'notify' && 'again' in action.notification;
        if (kind === 'unhealthy') expect(open).toBe(isAgain);
        if (ends) expect(open).toBe(true);
        if (kind === 'unhealthy' || ends) open = kind === 'unhealthy';
      }
    });
  });

  test('a recovery is told only where a beat has come since the incident was told', () => {
    forAll((deeds) => {
      let toldAt = Number.NEGATIVE_INFINITY;
      for (const { at, kind, beatAt } of deeds) {
        if (kind === 'unhealthy') toldAt = at;
        if (kind === 'recovered') expect(beatAt).toBeGreaterThan(toldAt);
      }
    });
  });

  test('a bot that beats on time is never restarted, whatever becomes of clocks, pauses and the monitor', () => {
    const harmless = scripts.map((script) =>
      script.map((one) =>
        ['pause', 'clock-jumps', 'monitor-dies', 'restarts-will', 'loses-session', 'becomes-polite'].includes(
          one.happening.what,
        )
          ? one
          : { ...one, happening: { what: 'goes-on' as const } },
      ),
    );
    fc.assert(
      fc.property(harmless, hours, (script, open) => {
        const done = play(script, { hours: open }).deeds.map(({ kind }) => kind);
        expect(done.filter((kind) => kind === 'unhealthy' || kind === 'restart')).toEqual([]);
      }),
      runs,
    );
  });

  // Found by others of many runs: a pause that ends over a garbled file, and a new start that is ended before its first beat.
  const found: [script: { afterMs: number; happening: Happening }[], open: null][] = [
    [
      [
        { afterMs: 1, happening: { what: 'pause', minutes: 9 } },
        { afterMs: 124_131, happening: { what: 'dies' } },
        { afterMs: 147_846, happening: { what: 'clock-jumps', byMs: 0 } },
        { afterMs: 168_135, happening: { what: 'garbles' } },
        { afterMs: 99_888, happening: { what: 'goes-on' } },
      ],
      null,
    ],
    [
      [
        { afterMs: 1, happening: { what: 'becomes-polite' } },
        { afterMs: 1, happening: { what: 'restarts-will', outcome: 'hang' } },
        { afterMs: 41_605, happening: { what: 'dies' } },
        { afterMs: 28_393, happening: { what: 'goes-on' } },
        { afterMs: 80_002, happening: { what: 'monitor-dies', awayMs: 1 } },
      ],
      null,
    ],
  ];

  test('a dead bot is always noticed within max-age plus the tolerance', () => {
    const tolerance = policy.graceMs + beatMs + 1;
    fc.assert(
      fc.property(scripts, hours, (script, open) => {
        // A monitor that has just started believes a beat that is dated up to a minute ahead.
        const has = (what: Happening['what']) => script.some(({ happening }) => happening.what === what);
        const ahead = has('clock-jumps') && has('monitor-dies') ? 60_000 : 0;
        const most = health.maxAgeMs + tolerance + ahead;
        for (const { silentForMs, open: told, calm } of play(script, { hours: open }).checkpoints)
          if (open === null && calm && silentForMs > most) expect(told).toBe(true);
      }),
      { ...runs, examples: found },
    );
    expect(tolerance).toBeLessThan(intervalMs);
  });

  test('the last resort is run at most once in an incident, and only once the budget is spent', () => {
    forAll((deeds) => {
      let ran = false;
      let spent = false;
      for (const { kind } of deeds) {
        if (kind === 'unhealthy') [ran, spent] = [false, false];
        if (kind === 'budget-exhausted') spent = true;
        if (kind !== 'last-resort') continue;
        expect({ ran, spent }).toEqual({ ran: false, spent: true });
        ran = true;
      }
    });
  });

  test('an incident never outlives its cause: once the bot has been well for long enough it is over', () => {
    // A restart that is decided at this very moment may still end it; from then on they work.
    const back = [
      { afterMs: 1, happening: { what: 'restarts-will' as const, outcome: 'work' as const } },
      { afterMs: 1, happening: { what: 'goes-on' as const } },
      { afterMs: 10 * 60_000, happening: { what: 'goes-on' as const } },
      { afterMs: 10 * 60_000, happening: { what: 'goes-on' as const } },
    ];
    fc.assert(
      fc.property(scripts, hours, (script, open) => {
        const { state } = play([...script, ...back], { hours: open });
        expect(state.incident).toBeNull();
      }),
      runs,
    );
  });
});
