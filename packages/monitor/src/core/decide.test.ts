import type { HealthReason, HealthState } from '@sentinel/heartbeat-core';
import { describe, expect, test } from 'vitest';
import { observed } from '../../test/observation.ts';
import type { Custody } from '../custody/custody.ts';
import { decide, decideProven } from './decide.ts';
import { explainSight } from './explain.ts';
import type { PersonCommand } from './input.ts';
import { pack } from './kept-state.ts';
import { type CommandFacts, noProcessFacts, nothingRun, type Observation } from './observation.ts';
import { defaultRestartPolicy, type RestartPolicy } from './policy.ts';
import { kindOf } from './replay.ts';
import { type Incident, initialState, type SupervisorState } from './supervisor-state.ts';

const policy = { ...defaultRestartPolicy, graceMs: 10_000, most: 2, settleMs: 0 };

const reasonOf = (state: HealthState, ageMs: number): HealthReason => {
  if (state === 'stale') return { kind: 'too-old', ageMs, maxAgeMs: 1 };
  return state === 'degraded' ? { kind: 'reports-error', status: '❌' } : { kind: 'fresh' };
};

const see = (state: HealthState, instance: string, ageMs = 0): Observation =>
  observed(state, reasonOf(state, ageMs), {
    run: instance,
    writer: { instance, pid: 7, host: 'here' },
    health: { ageMs, realAgeMs: ageMs, changesInMs: 1 },
  });

const look = (state: SupervisorState, seen: Observation, now: number, rules: RestartPolicy) =>
  decide(state, { kind: 'look', seen }, now, rules);
const person = (
  state: SupervisorState,
  command: PersonCommand,
  seen: Observation,
  now: number,
  rules: RestartPolicy,
) => decide(state, { kind: 'person', command, seen }, now, rules);
const resume = (kept: unknown, now: number, rules: RestartPolicy) =>
  decide(
    initialState(now, rules.graceMs),
    { kind: 'start', bot: 'bot', kept, lost: false, late: false, asParent: false },
    now,
    rules,
  ).state;

const incident: Incident = {
  since: 1000,
  toldAt: 1000,
  flapping: false,
  settleUntil: null,
  reminders: 0,
  remindAt: 3_600_000,
  ack: null,
  exhausted: false,
  lastResortRun: false,
  escalated: [],
};
/** Restarted, and no beat of the new start has come. */
const waiting: SupervisorState = {
  ...initialState(0, 0),
  phase: 'restarting',
  incident,
  grace: { until: 103_000, beatAfter: null },
  restart: {
    at: 100_000,
    attempt: 1,
    runsBefore: [],
    replaced: 'known',
    commandDueAt: 103_000,
    commandFailed: false,
  },
};

const story = (steps: readonly [number, Observation][]): string[] => {
  let state: SupervisorState = initialState(0, policy.graceMs);
  return steps.map(([now, observation]) => {
    const decision = look(state, observation, now, policy);
    state = decision.state;
    return decision.actions
      .map((action) => (action.kind === 'notify' ? action.notification.kind : action.kind))
      .join(' ');
  });
};

test('a bot that beats is left alone, one that falls silent is told of once and restarted', () => {
  const silent = see('stale', 'a', 60_000);
  expect(
    story([
      [0, see('healthy', 'a')],
      [60_000, silent],
      [61_000, silent],
      [65_000, see('healthy', 'b')],
    ]),
  ).toEqual(['', 'unhealthy restart-attempted restart', '', 'restart-verified recovered']);
});

test('the start-up grace is kept before a bot that never beat is restarted', () => {
  expect(
    story([
      [5000, see('unknown', '')],
      [10_000, see('unknown', '')],
    ]),
  ).toEqual(['', 'unhealthy restart-attempted restart']);
});

test('a last beat of the old instance does not prove a restart', () => {
  expect(
    story([
      [20_000, see('stale', 'a', 20_000)],
      [21_000, see('healthy', 'a')],
      [22_000, see('healthy', 'b')],
    ]),
  ).toEqual(['unhealthy restart-attempted restart', '', 'restart-verified recovered']);
});

test('the budget is spent: it says so once and restarts no more, and a recovery re-arms it', () => {
  const silent = see('stale', 'a', 60_000);
  expect(
    story([
      [20_000, silent],
      [40_000, silent],
      [60_000, silent],
      [120_000, silent],
      [180_000, silent],
      [190_000, see('healthy', 'b')],
    ]),
  ).toEqual([
    'unhealthy restart-attempted restart',
    'restart-failed restart-attempted restart',
    'restart-failed budget-exhausted',
    '',
    '',
    'recovered',
  ]);
});

test('a bot that dies again while its incident settles is told of at once, and a spent budget waits for nothing', () => {
  const rules = { ...policy, settleMs: 600_000, maxAgeMs: 1, supervised: true };
  const gone = (run: string): Observation => ({
    ...observed('down', { kind: 'process-gone', pid: 7, exitCode: 1 }, { run, beatAt: 0 }),
    processes: { ...noProcessFacts, writer: 'gone', custody: { kind: 'gone', by: 'process' } },
  });
  const well = (run: string, beatAt: number): Observation => ({ ...see('healthy', run), beatAt });
  let state: SupervisorState = { ...initialState(0, 0), incidentEndedAt: 0 };
  const told = (now: number, seen: Observation) => {
    const decision = look(state, seen, now, rules);
    state = { ...state, ...decision.state };
    return decision.actions.map((action) =>
      action.kind !== 'notify'
        ? action.kind
        : action.notification.kind === 'unhealthy'
          ? `${action.notification.again === true ? 'again' : 'unhealthy'} ${action.notification.restart?.kind}`
          : action.notification.kind,
    );
  };
  expect(told(1000, gone('a'))).toEqual(['unhealthy now', 'restart-attempted', 'restart']);
  expect(told(2000, well('b', 1900))).toEqual(['restart-verified']);
  expect(told(2100, gone('b'))).toEqual(['again in']);
  expect(told(60_000, gone('b'))).toEqual(['restart-attempted', 'restart']);
  expect(told(61_000, well('c', 60_900))).toEqual(['restart-verified']);
  expect(told(61_100, gone('c'))).toEqual(['again budget-spent', 'budget-exhausted']);
});

test('a restart that ends with its monitor has not failed: the next one makes it anew at once, and it counts once', () => {
  const rules = { ...policy, supervised: true };
  const state = { ...waiting, budget: { ...waiting.budget, restarts: [100_000], nextAt: 140_000 } };
  const left = decide(state, { kind: 'end' }, 101_000, rules).state;
  const kept = JSON.parse(JSON.stringify(pack(left)));
  const start = { kind: 'start', bot: 'bot', kept, lost: false, late: false, asParent: true } as const;
  const next = decide(initialState(102_000, 10_000), start, 102_000, rules).state;
  const gone: Custody = { kind: 'gone', by: 'process' };
  const seen = observed('down', { kind: 'process-gone', pid: 7, exitCode: null }, { beatAt: 0 });
  const processes = { ...noProcessFacts, writer: 'gone', custody: gone } as const;
  const { actions } = look(next, { ...seen, processes }, 102_000, rules);
  expect(actions).toContainEqual(expect.objectContaining({ kind: 'restart', attempt: 1 }));
});

test('the fresh beat of a bot that the monitor before has ended with itself is of none that lives, where none is found', () => {
  const up: SupervisorState = { ...initialState(0, 0), phase: 'up' };
  const kept = JSON.parse(JSON.stringify(pack(decide(up, { kind: 'end' }, 50_000, policy).state)));
  const fresh = (custody: Custody, beatAt = 49_900) => {
    const start = { kind: 'start', bot: 'bot', kept, lost: false, late: false, asParent: true } as const;
    const { state } = decide(initialState(51_000, 10_000), start, 51_000, policy);
    const seen = { ...see('healthy', 'a'), beatAt, processes: { ...noProcessFacts, custody } };
    return look(state, seen, 52_000, policy).actions.map(({ kind }) => kind);
  };
  expect(fresh({ kind: 'gone', by: 'absence' })).toEqual(['restart']);
  expect(fresh({ kind: 'held', targets: [] })).toEqual([]);
  expect(fresh({ kind: 'gone', by: 'absence' }, 51_500)).toEqual([]);
});

test('files of before that are laid there one after the other end no incident of a bot that is gone', () => {
  const laid = (over: Partial<Observation>): Observation => ({
    ...see('healthy', 'a'),
    ...{ beatAt: 30_000, backdated: true, run: null },
    processes: { ...noProcessFacts, custody: { kind: 'gone', by: 'absence' } },
    ...over,
  });
  const spent = { ...waiting, phase: 'exhausted', incident: { ...incident, exhausted: true } } as const;
  expect(look(spent, laid({}), 31_000, policy).state.phase).toBe('exhausted');
  const held: Custody = { kind: 'held', targets: [] };
  const lives = laid({ processes: { ...noProcessFacts, custody: held } });
  expect(look(spent, lives, 31_000, policy).state.incident).toBe(null);
});

test('an incident that goes on is told of again after an hour, then at doubling intervals', () => {
  const silent = see('stale', 'a', 20_000);
  const watchOnly = { ...policy, enabled: false };
  let state: SupervisorState = initialState(0, policy.graceMs);
  const told: number[] = [];
  for (let minute = 1; minute <= 8 * 60; minute += 1) {
    const decision = look(state, silent, minute * 60_000, watchOnly);
    state = decision.state;
    if (decision.actions.length > 0) told.push(minute);
  }
  expect(told).toEqual([1, 61, 181, 421]);
});

test('while paused nothing is told and nothing restarted, and a pause ends by itself', () => {
  const silent = see('stale', 'a', 20_000);
  const order = { kind: 'pause', by: 'an operator', at: 0, args: { minutes: 10 } };
  const paused = person(initialState(0, 0), order, silent, 0, policy);
  expect(paused.result).toBe('done');
  expect(look(paused.state, silent, 9 * 60_000, policy).actions).toEqual([]);
  expect(look(paused.state, silent, 10 * 60_000, policy).actions.map(({ kind }) => kind)).toContain(
    'restart',
  );
});

test('the end of a pause is told once: a `resume` without one is refused, and tells nothing', () => {
  const well = see('healthy', 'a');
  const resumed = (from: SupervisorState, now: number) => {
    const { state, actions, result } = person(
      from,
      { kind: 'resume', by: 'ann', at: now, args: {} },
      well,
      now,
      policy,
    );
    return { state, result, told: actions.length };
  };
  const order = { kind: 'pause', by: 'ann', at: 0, args: { minutes: 10 } };
  const paused = person(initialState(0, 0), order, well, 0, policy).state;
  const ended = resumed(paused, 1000);
  expect(ended).toMatchObject({ told: 1, result: 'done', state: { pausedUntil: null } });
  const nothing = { told: 0, result: 'refused: it is not paused', state: { pausedUntil: null } };
  expect(resumed(ended.state, 2000)).toMatchObject(nothing);
  expect(resumed(paused, 11 * 60_000), 'it was over by itself').toMatchObject(nothing);
});

test('a restart that was ordered counts against the budget, and an order that makes no sense changes nothing', () => {
  const silent = see('stale', 'a', 20_000);
  const restart = { kind: 'restart', by: 'an operator', at: 0, args: {} };
  let state: SupervisorState = initialState(0, 0);
  const results = [1, 10_001, 20_001].map((now) => {
    const carried = person(state, { ...restart, at: now }, silent, now, policy);
    state = carried.state;
    return carried.result;
  });
  expect(results).toEqual(['done', 'done', 'refused: the restart budget is spent']);
  expect(
    person(state, { kind: 'pause', by: 'x', at: 0, args: { minutes: -1 } }, silent, 4, policy).state,
  ).toBe(state);
});

test('a restart that was ordered is proven too, though there is no incident', () => {
  const order = { kind: 'restart', by: 'an operator', at: 0, args: {} };
  const { state } = person(initialState(0, 0), order, see('healthy', 'a'), 0, policy);
  expect(look(state, see('healthy', 'a'), 1000, policy).actions).toEqual([]);
  expect(look(state, see('healthy', 'b'), 2000, policy).actions).toMatchObject([
    { notification: { kind: 'restart-verified', tookMs: 2000 } },
  ]);
});

test('an order that nobody took for a minute is refused: the bot may be well again', () => {
  const order = { kind: 'restart', by: 'an operator', at: 0, args: {} };
  const state = initialState(0, 0);
  const carried = person(state, order, see('healthy', 'a'), 60_001, policy);
  expect(carried).toMatchObject({ state, actions: [], result: expect.stringContaining('refused') });
});

test('two runs that beat in turn are two bots, a restart is not', () => {
  expect(
    story([
      [0, see('healthy', 'a')],
      [1000, see('healthy', 'b')],
      [2000, see('healthy', 'c')],
      [3000, see('healthy', 'b')],
      [4000, see('healthy', 'c')],
      [5000, see('healthy', 'b')],
    ]),
  ).toEqual(['', '', '', 'duplicate-instance', '', '']);
});

test('a copy of an earlier run’s beat is no second bot: the process that wrote it is gone', () => {
  const copied: Observation = {
    ...see('healthy', 'a'),
    processes: { ...see('healthy', 'a').processes, writer: 'gone' },
  };
  expect(
    story([
      [0, see('healthy', 'a')],
      [1000, see('healthy', 'b')],
      [2000, copied],
      [3000, see('healthy', 'b')],
      [4000, see('healthy', 'a')],
    ]),
  ).toEqual(['', '', '', '', 'duplicate-instance']);
});

test('workers of one bot beat in turn, and a second start beside them is told', () => {
  const worker = (run: string): Observation => ({
    ...see('healthy', run),
    processes: { ...see('healthy', run).processes, beatAsOne: true },
  });
  expect(
    story([
      [0, see('healthy', 'a')],
      [1000, worker('b')],
      [2000, worker('a')],
      [3000, worker('b')],
      [4000, see('healthy', 'c')],
      [5000, see('healthy', 'b')],
    ]),
  ).toEqual(['', '', '', '', '', 'duplicate-instance']);
});

test('a bot that was stopped on purpose, is started again and has ended after one beat is told of', () => {
  const stopped = see('stopped', 'a');
  const goneOf = (run: string): Observation => ({
    ...see('down', run),
    processes: { ...noProcessFacts, writer: 'gone', custody: { kind: 'gone', by: 'process' } },
    health: { ...see('down', run).health, reason: { kind: 'process-gone', pid: 7, exitCode: 1 } },
  });
  const copy = { beat: 'copy', beatAt: 1000 };
  const after = (run: string, over: Partial<Observation> = {}) => {
    let { state } = look(initialState(0, 0), see('healthy', 'a'), 0, policy);
    for (const [at, seen] of [stopped, { ...stopped, ...over }].entries())
      state = look(state, seen, (at + 1) * 1000, policy).state;
    // The next monitor has not seen what was there before.
    const seen = look(state, { ...goneOf(run), ...over, doubted: false }, 20_000, policy);
    return look(seen.state, { ...goneOf(run), ...over }, 22_000, policy).actions.flatMap((action) =>
      action.kind === 'notify' ? [action.notification.kind] : [],
    );
  };
  expect(after('b')).toEqual(['unhealthy']);
  // A copy of an earlier beat was put over its last words.
  expect(after('a')).toEqual([]);
  expect(after('b', { ...copy, doubted: true })).toEqual([]);
  expect(after('b', { ...copy, doubted: false }), 'no copy, as far as is known').toEqual(['unhealthy']);
});

test('two runs that beat in turn do not push a run before them out of memory', () => {
  let state = initialState(0, 0);
  for (const [at, run] of ['a', 'b', 'c', 'b', 'c', 'b'].entries())
    state = look(state, see('healthy', run), at * 1000, policy).state;
  expect(state.runs.writers.map(({ instance }) => instance)).toEqual(['a', 'c', 'b']);
});

test('two processes that are the bot are two bots, whatever their beats say', () => {
  const two = see('healthy', 'a');
  const seen = { ...two, processes: { ...two.processes, several: [7, 8] } };
  const told = look(initialState(0, 0), seen, 1000, policy);
  expect(told.actions).toMatchObject([
    { notification: { kind: 'duplicate-instance', instances: [], processes: [7, 8] } },
  ]);
  expect(look(told.state, seen, 2000, policy).actions).toEqual([]);
});

test('a ❌ is an incident only when it lasts, and only where that was asked for', () => {
  const error = see('degraded', 'a');
  const strict = { ...policy, errorGraceMs: 60_000 };
  const play = (rules: typeof strict | typeof policy) => {
    let state = initialState(0, 0);
    return [0, 59_999, 60_000, 60_001].map((now) => {
      const decision = look(state, error, now, rules);
      state = decision.state;
      return decision.actions.length;
    });
  };
  expect(play(strict)).toEqual([0, 0, 3, 0]);
  expect(play(policy)).toEqual([0, 0, 0, 0]);
});

test('a reset in an incident re-arms the restarts, and not the last resort', () => {
  const rules = { ...policy, most: 1, onExhausted: true };
  const silent = see('stale', 'a', 60_000);
  let state = initialState(0, 0);
  let runs = 0;
  for (let now = 0; now < 3_600_000; now += 10_000) {
    if (now === 1_800_000)
      state = person(state, { kind: 'reset', by: 'x', at: now, args: {} }, silent, now, rules).state;
    const decision = look(state, silent, now, rules);
    state = decision.state;
    runs += decision.actions.filter(({ kind }) => kind === 'last-resort').length;
  }
  expect({ runs, exhausted: state.incident?.exhausted }).toEqual({ runs: 1, exhausted: true });
});

test('a bot that was ended when the journal could no longer be written is started later, by the same attempt', () => {
  const asked = (now: number, state: SupervisorState, custody: Custody) => {
    const silent = see('stale', 'a', 60_000);
    return look(state, { ...silent, processes: { ...silent.processes, custody } }, now, policy);
  };
  const process = { kind: 'process', pid: 7, mark: 1, startedUp: 0 } as const;
  const ending = asked(20_000, initialState(0, 0), { kind: 'held', targets: [process] });
  const unnoted: Custody = { kind: 'unknown', doubt: { kind: 'memory', lacks: 'write' } };
  const refused = asked(21_000, ending.state, unnoted);
  expect(refused.state).toMatchObject({ phase: 'down', budget: { restarts: [] } });
  expect(refused.actions).toMatchObject([{ notification: { kind: 'restart-unsafe', signalled: true } }]);
  expect(asked(23_000, refused.state, unnoted).actions).toEqual([]);
  const made = asked(25_000, refused.state, { kind: 'gone', by: 'process' });
  expect(made.state).toMatchObject({
    phase: 'restarting',
    budget: { restarts: [25_000] },
    restart: { attempt: 1 },
  });
});

test('an ordered restart that the budget forbids raises no alarm', () => {
  const fresh = initialState(0, 0);
  const spent = { ...fresh, budget: { ...fresh.budget, restarts: [0, 0] } };
  const order = { kind: 'restart', by: 'an operator', at: 1, args: {} };
  expect(person(spent, order, see('healthy', 'a'), 1, { ...policy, onExhausted: true })).toMatchObject({
    state: spent,
    actions: [],
  });
});

test('a planned stop in an incident ends it, and closes what was told as critical', () => {
  let state = initialState(0, 0);
  for (const [now, seen] of [
    [20_000, see('stale', 'a', 20_000)],
    [21_000, see('healthy', 'b')],
    [60_000, see('stale', 'b', 20_000)],
  ] as const)
    state = look(state, seen, now, { ...policy, enabled: false }).state;
  expect(state.phase).toBe('down');
  const stopped = { ...see('stopped', 'b'), beatAt: 70_000 };
  expect(look(state, stopped, 70_000, policy)).toMatchObject({
    state: { phase: 'stopped', incident: null },
    actions: [
      {
        kind: 'notify',
        notification: {
          kind: 'custom',
          severity: 'info',
          ends: 'critical',
          text: 'was stopped on purpose: its incident of 30 seconds is over',
        },
      },
    ],
  });
});

test('a session that is back ends what was told as critical when it was lost', () => {
  const without = { ...see('healthy', 'a'), sessionActive: false };
  let state = initialState(0, 0);
  const told = [see('healthy', 'a'), without, see('healthy', 'a')].map((seen, index) => {
    const decision = look(state, seen, index * 1000, policy);
    state = decision.state;
    return decision.actions;
  });
  expect(told).toMatchObject([
    [],
    [{ kind: 'notify', notification: { kind: 'session-lost', bot: 'bot', since: 1000 } }],
    [
      {
        kind: 'notify',
        notification: {
          kind: 'custom',
          bot: 'bot',
          severity: 'info',
          ends: 'critical',
          text: 'its session is there again',
        },
      },
    ],
  ]);
});

const kindsAt = (now: number, state: SupervisorState, facts: CommandFacts) => {
  const decision = look(state, { ...see('stale', 'a', 60_000), command: facts }, now, policy);
  return { state: decision.state, actions: decision.actions.map(kindOf) };
};

test('a beat from before the restart is no recovery, also where it looks well when the grace is over', () => {
  const down = kindsAt(20_000, initialState(0, 0), nothingRun);
  const before = { ...see('healthy', 'a'), beatAt: 15_000 };
  const over = look(down.state, before, 20_000 + policy.graceMs, policy);
  expect(over.actions).toMatchObject([{ notification: { kind: 'restart-failed' } }]);
  // Outside market hours the last beat of a dead bot stays young, and nothing is told.
  const closed = { ...before, health: { ...before.health, closed: true } };
  expect(look(down.state, closed, 20_000 + policy.graceMs, policy).actions).toEqual([]);
});

test('a bot that was well when a person had it restarted is not said to beat again before the new start does', () => {
  const given = { kind: 'restart', by: 'an operator', at: 0, args: {} };
  const before = { ...see('healthy', 'a'), beatAt: -1000 };
  const { state } = person(initialState(0, 0), given, before, 0, policy);
  expect(look(state, before, policy.graceMs, policy)).toMatchObject({
    state: { phase: 'restarting' },
    actions: [],
  });
  const stale = { ...see('stale', 'a', 60_000), beatAt: -1000 };
  expect(look(state, stale, 60_000, policy).actions.map(kindOf).slice(0, 2)).toEqual([
    'unhealthy',
    'restart-failed',
  ]);
});

test('a restart command that was not run has failed at once: the backoff begins, and no grace for a bot that cannot be', () => {
  const down = kindsAt(20_000, initialState(0, 0), nothingRun);
  expect(down.actions).toEqual(['unhealthy', 'restart-attempted', 'restart']);
  const refused = { ...nothingRun, refused: 'process 7 lives on', refusedAt: 20_001 };
  const failed = look(down.state, { ...see('stale', 'a', 60_000), command: refused }, 20_002, policy);
  expect(failed.actions).toMatchObject([
    { notification: { kind: 'restart-failed', reason: 'process 7 lives on', nextInMs: policy.backoffMs } },
  ]);
  expect(failed.state).toMatchObject({ phase: 'down', budget: { nextAt: 20_002 + policy.backoffMs } });
  // The next attempt is not judged by what came of the one before it.
  const again = kindsAt(20_002 + policy.backoffMs, failed.state, refused);
  expect(again).toMatchObject({ state: { phase: 'restarting' }, actions: ['restart-attempted', 'restart'] });
});

test('a restart command that ended with an error has its whole grace: it may have failed after it had started a bot', () => {
  const { state } = kindsAt(20_000, initialState(0, 0), nothingRun);
  const ended = { ...nothingRun, startedAt: 20_000, exitCode: 1 };
  expect(kindsAt(20_000 + policy.graceMs - 1, state, ended).actions).toEqual([]);
  expect(kindsAt(20_000 + policy.graceMs, state, ended).actions).toEqual(['restart-failed']);
});

test('a restart that is ordered twice is made once: the bot of the first may be on its way to its first beat', () => {
  const order = (at: number) => ({ kind: 'restart', by: 'an operator', at, args: {} });
  const silent = { ...see('stale', 'a', 60_000), command: { ...nothingRun, startedAt: 1, exitCode: 0 } };
  const { state } = person(initialState(0, 0), order(0), silent, 0, policy);
  expect(person(state, order(3000), silent, 3000, policy)).toMatchObject({
    state,
    actions: [],
    result: 'refused: it was just restarted; waiting for its first heartbeat, for 7 seconds more',
  });
  const refused = { ...silent, command: { ...nothingRun, refused: 'process 7 lives on', refusedAt: 1 } };
  for (const [now, seen] of [
    [policy.graceMs, silent],
    [3000, refused],
  ] as const)
    expect(person(state, order(now), seen, now, policy).result).toBe('done');
});

test('an incident ends only by a beat that is newer than its begin: a process that was started is no sign of life', () => {
  const rules = { ...policy, enabled: false };
  const at = (state: HealthState, beatAt: number): Observation => {
    const seen = see(state, 'a', 1000);
    const reason = { kind: 'process-gone', pid: null, exitCode: null } as const;
    return state === 'down' ? { ...seen, beatAt, health: { ...seen.health, reason } } : { ...seen, beatAt };
  };
  let state: SupervisorState = { ...initialState(0, 0), phase: 'up' };
  const kinds = (now: number, seen: Observation) => {
    const decision = look(state, seen, now, rules);
    state = decision.state;
    return decision.actions.map((action) =>
      action.kind === 'notify' ? action.notification.kind : action.kind,
    );
  };
  expect(kinds(20_000, at('down', 19_000))).toEqual([]);
  expect(kinds(21_000, at('down', 19_000))).toEqual(['unhealthy']);
  expect(kinds(25_000, at('healthy', 19_000))).toEqual([]);
  expect(kinds(26_000, at('healthy', 21_000))).toEqual([]);
  expect(kinds(27_000, at('healthy', 26_500))).toEqual(['recovered']);
});

test('nothing is ended or started while the beat with which the incident began is fresh again', () => {
  let state: SupervisorState = {
    ...initialState(0, 0),
    phase: 'down',
    incident: { ...incident, since: 20_000, toldAt: 21_000 },
  };
  for (let now = 22_000; now < 60_000; now += 1000) {
    const decision = look(state, { ...see('healthy', 'a', 1000), beatAt: 20_000 }, now, policy);
    state = decision.state;
    expect(decision.actions).toEqual([]);
  }
});

test('the end of a bot is told and answered in every phase in which it had been well', () => {
  const gone = (beatAt: number): Observation => {
    const seen = see('down', 'b', 1000);
    const reason = { kind: 'process-gone', pid: null, exitCode: 1 } as const;
    return {
      ...seen,
      beatAt,
      health: { ...seen.health, reason },
      processes: { ...noProcessFacts, writer: 'gone', custody: { kind: 'gone', by: 'group' } },
    };
  };
  const rules = { ...policy, supervised: true, settleMs: 300_000 };
  for (const phase of ['up', 'settling'] as const) {
    const state: SupervisorState = {
      ...initialState(0, 0),
      phase,
      incident: phase === 'settling' ? { ...incident, flapping: true, settleUntil: 300_000 } : null,
    };
    const decision = look(state, gone(19_000), 20_000, rules);
    expect(decision.actions.map(({ kind }) => kind)).toContain('restart');
    expect(decision.state.phase).toBe('restarting');
  }
});

test('a monitor that becomes the parent of a bot that had died starts one of it, and no second one in the same look', () => {
  const seen = see('down', 'a', 1000);
  const reason = { kind: 'process-gone', pid: 7, exitCode: null } as const;
  const dead: Observation = {
    ...seen,
    beatAt: 1000,
    health: { ...seen.health, reason },
    processes: { ...noProcessFacts, writer: 'gone', custody: { kind: 'gone', by: 'process' } },
  };
  const rules = { ...policy, supervised: true };
  const first = look({ ...initialState(20_000, policy.graceMs), toStart: true }, dead, 20_000, rules);
  expect(first.actions.map(({ kind }) => kind)).toEqual(['restart']);
  const command: CommandFacts = { ...nothingRun, startedAt: 20_000, running: true, groupAlive: true };
  const second = look(first.state, { ...dead, command }, 20_100, rules);
  expect(second.actions).toEqual([]);
  // Its end is known at once, and not only when the grace is over.
  const ended = { ...command, running: false, groupAlive: false, exitCode: 1 };
  const third = look(second.state, { ...dead, command: ended }, 21_000, rules);
  expect(third.actions.map(({ kind }) => kind)).toContain('restart');
});

test('a new start that is waited for has the grace of the monitor that waits, and not that of the one before', () => {
  const again = resume(pack(waiting), 101_000, { ...policy, graceMs: 12_000 });
  expect(again).toMatchObject({ grace: { until: 112_000 }, restart: { commandDueAt: 112_000 } });
  expect(resume(pack(again), 111_000, { ...policy, graceMs: 12_000 })).toMatchObject({
    grace: { until: 112_000 },
  });
});

test('a command that is ended for its time has run for as long as is said', () => {
  const command: CommandFacts = { ...nothingRun, startedAt: 100_500, running: true, groupAlive: true };
  const { actions } = look(waiting, { ...see('stale', 'a', 60_000), command }, 103_500, policy);
  expect(actions).toEqual([
    { kind: 'end-command', reason: 'restart-timeout', signal: 'SIGTERM', afterMs: 3000 },
  ]);
});

test('a command that ends the old bot by itself is not ended while the bot beats: it may be the bot, or wait for it', () => {
  const command: CommandFacts = { ...nothingRun, startedAt: 100_500, running: true, groupAlive: true };
  const ofCommand = {
    ...waiting,
    restart: { ...waiting.restart, replaced: 'command' as const },
  } as SupervisorState;
  const beats = { ...see('healthy', 'a'), run: null, writer: null, beatAt: 102_000, command };
  expect(look(ofCommand, beats, 103_500, policy).actions.map(({ kind }) => kind)).not.toContain(
    'end-command',
  );
  const silent = { ...beats, beatAt: 99_000 };
  expect(look(ofCommand, silent, 103_500, policy).actions.map(({ kind }) => kind)).toContain('end-command');
});

test('what the monitor has ended itself is not said to have ended by itself', () => {
  const gone = { kind: 'process-gone', pid: 7, exitCode: null } as const;
  const seen = { ...see('down', 'a', 1000), beatAt: 20_000 };
  const down = { ...seen, health: { ...seen.health, reason: gone } };
  const ended = { ...initialState(0, 0), ended: { at: 21_000, byUs: true, stoppedRun: null } };
  expect(explainSight(ended, down)).toContain('Sentinel has ended its process');
  expect(explainSight({ ...ended, ended: { ...ended.ended, byUs: false } }, down)).toContain(
    'without a planned stop',
  );
  expect(explainSight(ended, { ...down, beatAt: 22_000 })).toContain('without a planned stop');
});

test('a file that was there and is gone is not said never to have been written', () => {
  const problem = { code: 'missing', file: 'logs/a.txt' } as const;
  const seen = { ...see('unknown', 'a'), reading: 'missing' as const, beatAt: null };
  const missing = { ...seen, health: { ...seen.health, reason: { kind: 'no-beat', problem } as const } };
  const at = Date.UTC(2026, 0, 5, 14, 30, 45);
  const before = initialState(0, 0);
  expect(explainSight({ ...before, lastGoodAt: at }, missing)).toBe(
    'The status file logs/a.txt was there, and has been removed. The last beat came at 14:30:45 UTC',
  );
  expect(explainSight(before, missing)).toBe('The status file logs/a.txt was there, and has been removed');
  expect(explainSight(before, { ...missing, everBeat: false })).toContain('has not written one yet');
});

test('an alert does not promise a restart while a process that somebody has started gets its time', () => {
  const silent = see('stale', 'a', 60_000);
  const started: Custody = {
    kind: 'started',
    targets: [{ kind: 'process', pid: 8, mark: 1, startedUp: 0 }],
  };
  const seen = { ...silent, processes: { ...silent.processes, custody: started } };
  const { actions } = look({ ...initialState(0, 0), phase: 'up' }, seen, 20_000, policy);
  expect(actions).toMatchObject([{ notification: { kind: 'unhealthy', restart: { kind: 'started' } } }]);
});

test('no alert promises a restart while the journal takes nothing, and once it does the bot is restarted', () => {
  let canNote = false;
  const proofs = { canNote: () => canNote, lockLost: () => null, hasTurn: () => true };
  const asked = (now: number, state: SupervisorState) => {
    const down = see('down', 'a', 3000);
    const custody: Custody = { kind: 'gone', by: 'process' };
    const seen = { ...down, processes: { ...down.processes, custody } };
    return decideProven(state, { kind: 'look', seen }, now, policy, proofs);
  };
  const told = asked(20_000, { ...initialState(0, 0), phase: 'up' });
  expect(told.actions).toMatchObject([
    { notification: { kind: 'unhealthy', restart: { kind: 'not-safe' } } },
  ]);
  canNote = true;
  const made = asked(40_000, told.state);
  expect(made.state).toMatchObject({ phase: 'restarting', restart: { attempt: 1 } });
});

test('nor does one say that the budget is spent: when the journal takes something again it may be free', () => {
  const proofs = { canNote: () => false, lockLost: () => null, hasTurn: () => true };
  const down = see('down', 'a', 3000);
  const gone: Custody = { kind: 'gone', by: 'process' };
  const seen = { ...down, processes: { ...down.processes, custody: gone } };
  const given = initialState(0, 0);
  const restarts = Array.from({ length: policy.most }, () => 19_000);
  const state = { ...given, phase: 'up' as const, budget: { ...given.budget, restarts } };
  const told = decideProven(state, { kind: 'look', seen }, 20_000, policy, proofs);
  expect(told.actions).toMatchObject([
    { notification: { kind: 'unhealthy', restart: { kind: 'not-safe' } } },
  ]);
});

test('without the lock of the file nothing is ended or started, no attempt counts, and it is told once', () => {
  let lost: string | null = 'process 9 on here holds the lock';
  const proofs = { canNote: () => true, lockLost: () => lost, hasTurn: () => true };
  const asked = (now: number, state: SupervisorState, custody: Custody) => {
    const silent = see('stale', 'a', 60_000);
    const seen = { ...silent, processes: { ...silent.processes, custody } };
    return decideProven(state, { kind: 'look', seen }, now, policy, proofs);
  };
  const gone: Custody = { kind: 'gone', by: 'process' };
  const refused = asked(20_000, initialState(0, 0), gone);
  expect(refused.state).toMatchObject({ phase: 'down', budget: { restarts: [] }, restart: null });
  expect(refused.actions).toMatchObject([
    { notification: { kind: 'unhealthy', restart: { kind: 'not-safe' } } },
  ]);
  expect(asked(23_000, refused.state, gone).actions).toEqual([]);
  lost = null;
  const made = asked(26_000, refused.state, gone);
  expect(made.state).toMatchObject({
    phase: 'restarting',
    budget: { restarts: [26_000] },
    restart: { attempt: 1 },
  });
});

test('a lock that is lost while the old bot is being ended gives the attempt back', () => {
  const process = { kind: 'process', pid: 7, mark: 1, startedUp: 0 } as const;
  const silent = see('stale', 'a', 60_000);
  const seen = {
    ...silent,
    processes: { ...silent.processes, custody: { kind: 'held', targets: [process] } as const },
  };
  const ending = look(initialState(0, 0), seen, 20_000, policy);
  expect(ending.state.phase).toBe('ending');
  const proofs = { canNote: () => true, lockLost: () => 'process 9 holds it', hasTurn: () => true };
  const later = decideProven(ending.state, { kind: 'look', seen }, 60_000, policy, proofs);
  expect(later.state).toMatchObject({ phase: 'down', ending: null, budget: { restarts: [] } });
  expect(later.actions).toMatchObject([{ notification: { kind: 'restart-unsafe', signalled: true } }]);
});

describe('while other bots are being started', () => {
  let hasTurn = false;
  const proofs = { canNote: () => true, lockLost: () => null, hasTurn: () => hasTurn };
  const asked = (now: number, state: SupervisorState, custody: Custody) => {
    const silent = see('stale', 'a', 60_000);
    const seen = { ...silent, processes: { ...silent.processes, custody } };
    return decideProven(state, { kind: 'look', seen }, now, policy, proofs);
  };
  const gone: Custody = { kind: 'gone', by: 'process' };
  const target = { kind: 'process', pid: 7, mark: 1, startedUp: 0 } as const;

  test('a bot that is down is told at once, and is started in its turn', () => {
    hasTurn = false;
    const told = asked(20_000, initialState(0, 0), gone);
    expect(told.state).toMatchObject({ phase: 'down', budget: { restarts: [] }, restart: null });
    expect(told.actions).toMatchObject([{ notification: { kind: 'unhealthy', restart: { kind: 'now' } } }]);
    expect(asked(20_020, told.state, gone).actions).toEqual([]);
    hasTurn = true;
    const begun = asked(20_040, told.state, gone);
    expect(begun.state).toMatchObject({ phase: 'restarting', restart: { attempt: 1, at: 20_040 } });
  });

  test('a hung bot is ended at once, and its new start waits for its turn', () => {
    hasTurn = false;
    const ending = asked(20_000, initialState(0, 0), { kind: 'held', targets: [target] });
    expect(ending.actions).toMatchObject([{}, {}, { kind: 'end', signal: 'SIGTERM' }]);
    const waiting = asked(21_000, ending.state, gone);
    expect(waiting.state).toEqual(ending.state);
    hasTurn = true;
    expect(asked(22_000, waiting.state, gone).state).toMatchObject({ phase: 'restarting' });
  });

  test('a person does not wait', () => {
    hasTurn = false;
    const silent = see('stale', 'a', 60_000);
    const seen = { ...silent, processes: { ...silent.processes, custody: gone } };
    const command = { kind: 'restart', by: 'op', at: 20_000, args: {} };
    const { actions } = decideProven(
      initialState(0, 0),
      { kind: 'person', command, seen },
      20_000,
      policy,
      proofs,
    );
    expect(actions).toContainEqual(expect.objectContaining({ kind: 'restart' }));
  });
});

test('an incident of the monitor before, whose end this one has told meanwhile, does not come back with the journal', () => {
  const rules = { ...policy, enabled: true };
  const down = look(initialState(0, 0), see('stale', 'a', 60_000), 20_000, rules).state;
  const kept = pack({ ...down, phase: 'down', incident: { ...incident, toldAt: 20_000 } });
  const late = { kind: 'start', bot: 'bot', kept, lost: false, late: true, asParent: false } as const;
  const well = { ...initialState(0, 0), phase: 'up' as const };
  expect(decide({ ...well, incidentEndedAt: 30_000 }, late, 40_000, rules).state.incident).toBeNull();
  expect(decide(well, late, 40_000, rules).state.incident).not.toBeNull();
  // Another one has begun after that.
  const another = { ...incident, since: 35_000, toldAt: 35_000 };
  const again = { ...well, phase: 'down' as const, incidentEndedAt: 30_000, incident: another };
  expect(decide(again, late, 40_000, rules).state.incident).toMatchObject({ since: 35_000 });
});

test('whoever was called while the journal could not be read is not called again once it can', () => {
  const told = { ...incident, toldAt: 20_000, escalated: ['ops'] };
  const kept = pack({ ...initialState(0, 0), phase: 'down', incident: told });
  const late = { kind: 'start', bot: 'bot', kept, lost: false, late: true, asParent: false } as const;
  const anew = { ...incident, since: 30_000, toldAt: 30_000, escalated: ['oncall'], lastResortRun: true };
  const blind = { ...initialState(0, 0), phase: 'down' as const, incident: anew };
  expect(decide(blind, late, 40_000, policy).state.incident).toMatchObject({
    toldAt: 20_000,
    escalated: ['ops', 'oncall'],
    lastResortRun: true,
  });
});

test('a run that goes on is known by its process, also where the file showed no beat when the restart was decided', () => {
  const rules = { ...policy, enabled: true };
  const nameless = (run: string | null): Observation => ({
    ...see('healthy', '7 '),
    run,
    processes: { ...noProcessFacts, mark: 5 },
  });
  const up = look(initialState(0, 0), nameless('7 #5'), 0, rules).state;
  const order = { kind: 'restart', by: 'ann', at: 1000, args: {} };
  const gone: Custody = { kind: 'command-ends', how: 'docker restart' } as never;
  const unread = {
    ...nameless(null),
    writer: null,
    processes: { ...noProcessFacts, mark: 5, custody: gone },
  };
  expect(person(up, order, unread, 1000, rules).state.restart?.runsBefore).toContain('7 #5');
});

test('what a clock that was set back has put ahead is brought near: no incident began after it was told', () => {
  const kept = pack({ ...initialState(0, 0), phase: 'down', incident, incidentEndedAt: 900_000 });
  const before = { ...kept, incidentSince: 900_000, toldAt: 900_000 };
  const input = {
    kind: 'start',
    bot: 'bot',
    kept: before,
    lost: false,
    late: false,
    asParent: false,
  } as const;
  const { state } = decide(initialState(0, 0), input, 5000, policy);
  expect(state).toMatchObject({ incident: { since: 5000, toldAt: 5000 }, incidentEndedAt: 5000 });
});

test('what may be the new start is not ended while it beats: a script that says 🔄, or less than the bot did, is none', () => {
  const command: CommandFacts = { ...nothingRun, startedAt: 100_500, running: true, groupAlive: true };
  const unproven = { ...noProcessFacts, custody: { kind: 'held', targets: [] } as const, candidate: false };
  const beats = { ...see('healthy', 'a'), run: null, writer: null, beatAt: 102_000, command };
  const seen = { ...beats, processes: unproven };
  const ends = (given: Observation, runsBefore: readonly string[]) => {
    const restart = { ...waiting.restart, replaced: 'known' as const, runsBefore };
    const { actions } = look({ ...waiting, restart } as SupervisorState, given, 103_500, policy);
    return actions.some(({ kind }) => kind === 'end-command');
  };
  expect(ends(seen, [])).toBe(false);
  expect(ends({ ...seen, saysRestart: true }, [])).toBe(true);
  expect(ends(seen, ['b'])).toBe(true);
});
