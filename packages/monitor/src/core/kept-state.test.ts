import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { isBeatAlone, pack, unpack } from './kept-state.ts';
import { phaseNames } from './phases.ts';
import { defaultRestartPolicy, type RestartPolicy } from './policy.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';

const at = fc.integer({ min: 1, max: 2 ** 42 });
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const count = fc.nat({ max: 40 });
const record = fc.record;

const incident = record({
  since: at,
  toldAt: at,
  flapping: fc.boolean(),
  settleUntil: some(at),
  reminders: count,
  remindAt: at,
  ack: some(fc.record({ by: fc.string(), note: fc.string(), until: some(at), snoozed: fc.boolean() })),
  escalated: fc.array(fc.string()),
  exhausted: fc.boolean(),
  lastResortRun: fc.boolean(),
});
const restart = record({
  at: some(at),
  attempt: fc.integer({ min: 1, max: 40 }),
  runsBefore: fc.array(fc.string(), { maxLength: 4 }),
  replaced: fc.constantFrom('known' as const, 'nothing' as const, 'command' as const, 'unknown' as const),
  commandDueAt: some(at),
  commandFailed: fc.boolean(),
});
const ending = record({
  purpose: fc.constantFrom('restart' as const, 'start' as const, 'timeout' as const),
  since: at,
  killAt: at,
  failAt: at,
  killed: fc.boolean(),
});
const writer = record({ instance: fc.string(), pid: some(count), host: some(fc.string()) });

const says = record({
  told: fc.dictionary(
    fc.constantFrom('halted', 'needs-person', 'mute-feed', 'missed', 'no-stop'),
    record({ what: fc.string(), open: fc.boolean(), toldAt: at }),
  ),
  nakedSince: some(at),
  exposure: some(
    record({
      positions: fc.array(
        record({
          symbol: fc.string(),
          side: fc.constantFrom('long' as const, 'short' as const),
          quantity: count,
        }),
        { maxLength: 2 },
      ),
    }),
  ),
});

const state: fc.Arbitrary<SupervisorState> = record({
  phase: fc.constantFrom(...phaseNames),
  watchedSince: at,
  lastGoodAt: some(at),
  lastBeat: some(record({ key: fc.string(), at, latestAt: at, watched: fc.boolean() })),
  goneSince: some(at),
  endedWith: some(count),
  errorDueAt: some(at),
  pausedUntil: some(at),
  pausedBy: some(fc.record({ by: fc.string(), reason: fc.string() })),
  halt: some(fc.record({ by: fc.string(), reason: fc.string(), until: some(at) })),
  stop: some(
    fc.record({ by: fc.string(), reason: fc.string(), since: at, goneAt: some(at), ran: some(fc.string()) }),
  ),
  obstacle: some(record({ over: some(at) })),
  toStart: fc.boolean(),
  incident: some(incident),
  incidentEndedAt: some(at),
  grace: some(record({ until: at, beatAfter: some(at) })),
  suspicion: record({ looks: count, againAt: at }),
  ending: some(ending),
  stoppedRun: some(fc.string()),
  ended: some(record({ at, byUs: fc.boolean(), stoppedRun: some(fc.string()) })),
  restart: some(restart),
  budget: record({
    restarts: fc.array(at, { maxLength: 5 }),
    nextAt: at,
    amnesia: fc.boolean(),
    unsafeTold: some(fc.string()),
  }),
  runs: record({ writers: fc.array(writer, { maxLength: 4 }), severalToldAt: some(at) }),
  session: record({
    run: some(fc.string()),
    active: fc.boolean(),
    lostSince: some(at),
    toldAt: some(at),
    open: fc.boolean(),
  }),
  says,
  skew: record({ open: fc.boolean(), toldAt: some(at) }),
}).map((all) => (all.phase === 'suspect' ? all : { ...all, suspicion: null }));

test('what is written is read back as it was', () => {
  fc.assert(
    fc.property(state, (before) => {
      expect(unpack(JSON.parse(JSON.stringify(pack(before))))).toEqual(before);
    }),
  );
});

test('a beat alone is a later beat of a healthy bot whose clock is right, and nothing else', () => {
  const well = { health: { state: 'healthy', warnings: [] }, doubted: false } as never;
  const later = { lastGoodAt: 7, lastBeat: { key: 'next', at: 7, latestAt: 7, watched: true } };
  fc.assert(
    fc.property(
      state,
      state,
      fc.constantFrom(...(Object.keys(initialState(0, 0)) as (keyof SupervisorState)[])),
      (before, other, key) => {
        const after = { ...before, ...later };
        expect(isBeatAlone(before, after, well)).toBe(true);
        expect(isBeatAlone(null, after, well)).toBe(false);
        expect(isBeatAlone(before, after, { ...(well as object), doubted: true } as never)).toBe(false);
        const skewed = { state: 'healthy', warnings: [{ kind: 'clock-ahead', skewMs: 90_000 }] };
        expect(isBeatAlone(before, after, { health: skewed, doubted: false } as never)).toBe(false);
        const changed = { ...after, [key]: other[key] };
        expect(isBeatAlone(before, changed, well)).toBe(key in later || other[key] === before[key]);
      },
    ),
  );
});

test('the stored form is flat, and the same for every state: a version that is put back reads it', () => {
  const fresh = pack(initialState(5, 10));
  expect(fresh).toEqual({
    phase: 'starting',
    incidentSince: null,
    toldAt: null,
    incidentEndedAt: null,
    flapping: false,
    settleUntil: 0,
    graceUntil: 15,
    beatAfter: null,
    looks: 0,
    lookAgainAt: 0,
    runsBefore: [],
    replaced: 'known',
    ending: null,
    goneSince: null,
    lastGoodAt: null,
    watchedSince: 5,
    unsafeTold: null,
    amnesia: false,
    commandFailed: false,
    endedAt: null,
    endedByUs: false,
    goodbyeOf: null,
    restartedAt: null,
    attempt: 0,
    restarts: [],
    nextRestartAt: 0,
    obstacle: null,
    commandDueAt: null,
    exhausted: false,
    lastResortRun: false,
    escalated: [],
    pausedUntil: null,
    pausedBy: null,
    halt: null,
    stop: null,
    reminders: 0,
    untold: false,
    toldWell: false,
    remindAt: null,
    ack: null,
    errorDueAt: null,
    writers: [],
    duplicateToldAt: null,
    session: { run: null, active: false, lostSince: null, toldAt: null, open: false },
    says: { told: {}, nakedSince: null, exposure: null },
    skew: { open: false, toldAt: null },
    lastBeat: null,
    endedWith: null,
    stoppedRun: null,
    toStart: false,
  });
  fc.assert(
    fc.property(state, (any) => {
      const kept: Readonly<Record<string, unknown>> = pack(any);
      expect(Object.keys(kept).sort()).toEqual(Object.keys(fresh).sort());
      for (const key of ['graceUntil', 'nextRestartAt', 'settleUntil', 'lookAgainAt', 'attempt'])
        expect(typeof kept[key]).toBe('number');
    }),
  );
});

const resume = (kept: unknown, now: number, rules: RestartPolicy) =>
  decide(
    initialState(now, rules.graceMs),
    { kind: 'start', bot: 'bot', kept, lost: false, late: false, asParent: false },
    now,
    rules,
  ).state;
const policy = { ...defaultRestartPolicy, graceMs: 60_000 };

test('a journal of the first version is taken over: it knew less than half of the keys', () => {
  const kept = {
    phase: 'restarting',
    incidentSince: 1000,
    flapping: false,
    settleUntil: 0,
    graceUntil: 30_000,
    runBefore: 'a',
    restartedAt: 9000,
    attempt: 2,
    restarts: [5000, 9000],
    nextRestartAt: 80_000,
    exhausted: false,
    pausedUntil: 40_000,
    reminders: 1,
    remindAt: 50_000,
  };
  expect(resume(kept, 10_000, policy)).toMatchObject({
    phase: 'restarting',
    pausedUntil: 40_000,
    incident: { since: 1000, toldAt: 1000, reminders: 1, remindAt: 50_000, exhausted: false },
    restart: { at: 9000, attempt: 2, runsBefore: ['a'], commandFailed: false },
    grace: { until: 69_000, beatAfter: null },
    budget: { restarts: [5000, 9000], nextAt: 80_000, amnesia: false, unsafeTold: null },
    session: { run: null, active: false },
  });
});

test('a journal of the last version is taken over: incident, budget, pause and waits go on', () => {
  const kept = {
    ...pack(initialState(0, 0)),
    phase: 'exhausted',
    incidentSince: 1000,
    toldAt: 2000,
    flapping: true,
    exhausted: true,
    lastResortRun: true,
    endedAt: 3000,
    endedByUs: true,
    goodbyeOf: 'a',
    restarts: [3000],
    attempt: 1,
    commandFailed: true,
    unsafeTold: 'nobody knows',
    amnesia: true,
    remindAt: 90_000,
  };
  expect(resume(kept, 10_000, policy)).toMatchObject({
    phase: 'exhausted',
    incident: { since: 1000, toldAt: 2000, flapping: true, exhausted: true, lastResortRun: true },
    ended: { at: 3000, byUs: true, stoppedRun: 'a' },
    restart: { attempt: 1, commandFailed: true },
    budget: { restarts: [3000], unsafeTold: 'nobody knows', amnesia: true },
  });
});

test.each([undefined, null, 7, {}, { phase: 'up' }, { ...pack(initialState(0, 0)), phase: 'elsewhere' }])(
  'what is no state is taken as nothing: %j',
  (kept) => {
    expect(resume(kept, 10, policy)).toEqual(initialState(10, policy.graceMs));
  },
);
