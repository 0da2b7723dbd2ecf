import type { HealthReason, HealthState, Reading } from '@sentinel/heartbeat-core';
import { judge } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { observed } from '../../test/observation.ts';
import type { Custody } from '../custody/custody.ts';
import { brokenDecision } from './checks.ts';
import { decide } from './decide.ts';
import { pack } from './kept-state.ts';
import { noProcessFacts, nothingRun, type Observation } from './observation.ts';
import { explainStop, type OwnerStop, stopEvidence } from './owner-stop.ts';
import { defaultRestartPolicy, type RestartPolicy } from './policy.ts';
import { kindOf } from './replay.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';

/*
 * A person has ordered that a bot does not run.
 */

const policy: RestartPolicy = { ...defaultRestartPolicy, graceMs: 10_000, most: 3 };
const targets = [{ kind: 'process', pid: 7, mark: 1, startedUp: 0 }] as const;
const held: Custody = { kind: 'held', targets };
const gone: Custody = { kind: 'gone', by: 'process' };
const unknown: Custody = { kind: 'unknown', doubt: { kind: 'no-identity' } };

type Look = { readonly custody?: Custody; readonly beatAt?: number | null; readonly run?: string };
const see = (
  state: HealthState,
  reason: HealthReason,
  { custody = held, beatAt = 1000, run = 'a' }: Look,
): Observation => observed(state, reason, { processes: { ...noProcessFacts, custody }, beatAt, run });
const well = (look: Look = {}) => see('healthy', { kind: 'fresh' }, look);
const dead = (look: Look = {}) =>
  see('down', { kind: 'process-gone', pid: 7, exitCode: null }, { custody: gone, ...look });
/** As it is judged while the stop holds. */
const off = (look: Look = {}) =>
  see('stopped', { kind: 'stopped-by-person', why: 'stopped by ann' }, { custody: gone, ...look });

const up: SupervisorState = { ...initialState(0, 0), phase: 'up', grace: null };

const play = (rules: RestartPolicy = policy) => {
  let state = up;
  let result: string | null = null;
  const take = (input: Parameters<typeof decide>[1], now: number) => {
    const decision = decide(state, input, now, rules);
    expect(brokenDecision(decision, now, rules)).toEqual([]);
    ({ state, result } = decision);
    return decision.actions.map((action) =>
      action.kind === 'end' ? action.signal : action.kind === 'notify' ? kindOf(action) : action.kind,
    );
  };
  return {
    state: () => state,
    result: () => result,
    look: (now: number, seen: Observation) => take({ kind: 'look', seen }, now),
    order: (now: number, kind: string, seen: Observation, args = {}) =>
      take({ kind: 'person', command: { kind, by: 'ann', at: now, args }, seen }, now),
    end: (now: number) => take({ kind: 'end' }, now),
    resume: (now: number, asParent = false, late = false) => {
      const kept: unknown = JSON.parse(JSON.stringify(pack(state)));
      state = initialState(now, rules.graceMs);
      return take({ kind: 'start', bot: 'bot', kept, lost: false, late, asParent }, now);
    },
  };
};

/** A bot that ann has stopped, seen to be gone at 3000. */
const stopped = (rules?: RestartPolicy) => {
  const bot = play(rules);
  expect(bot.order(2000, 'stop', well(), { reason: 'new version' })).toEqual(['SIGTERM']);
  expect(bot.look(2500, well())).toEqual([]);
  expect(bot.look(3000, well({ custody: gone }))).toEqual(['custom']);
  return bot;
};

test('stop ends the bot, and keeps it stopped without restart or alert, however long it is silent', () => {
  const bot = stopped();
  expect(explainStop(bot.state().stop ?? ({} as never))).toBe(
    'stopped by ann since 1970-01-01 00:00 UTC: new version',
  );
  for (const seen of [off(), dead(), well(), see('stale', { kind: 'too-old', ageMs: 9e9, maxAgeMs: 1 }, {})])
    for (const now of [3100, 60_000, 9e6]) expect(bot.look(now, seen)).toEqual([]);
  expect(bot.state()).toMatchObject({ phase: 'stopped', incident: null, budget: { restarts: [] } });
});

test('a bot that ignores TERM gets KILL; one that lives on after it is told, and watched as before', () => {
  const bot = play();
  bot.order(2000, 'stop', well());
  const killAt = 2000 + policy.killAfterMs;
  expect(bot.look(killAt, well())).toEqual(['SIGKILL']);
  expect(bot.look(killAt + 5000, well())).toEqual(['custom']);
  expect(bot.state()).toMatchObject({ phase: 'up', stop: null });
});

test('a bot that was started a moment ago is ended too, and is not called stopped before it is gone', () => {
  const bot = play();
  const young = well({ custody: { kind: 'started', targets } });
  expect(bot.order(2000, 'stop', young)).toEqual(['SIGTERM']);
  expect(bot.look(2000, young), 'the look that took the order').toEqual([]);
  expect(bot.look(2000 + policy.killAfterMs, well())).toEqual(['SIGKILL']);
  expect(bot.look(9000, well({ custody: gone }))).toEqual(['custom']);
});

test('a bot that a script has started unseen is not called stopped before the grace is over, and is ended when it beats', () => {
  const command = { ...nothingRun, startedAt: 1500, endedAt: 1600, exitCode: 0 };
  const unseen = { ...dead({ beatAt: 1000 }), command };
  const silent = play();
  expect(silent.order(2000, 'stop', unseen)).toEqual([]);
  expect(silent.look(11_400, unseen)).toEqual([]);
  expect(silent.look(11_500, unseen)).toEqual(['custom']);
  const beats = play();
  beats.order(2000, 'stop', unseen);
  expect(beats.look(9000, { ...well({ beatAt: 8900, run: 'b' }), command })).toEqual(['SIGTERM']);
  expect(beats.look(9500, { ...well({ beatAt: 8900, custody: gone }), command })).toEqual(['custom']);
  const failed = play();
  expect(failed.order(2000, 'stop', { ...unseen, command: { ...command, exitCode: 1 } })).toEqual(['custom']);
});

test('what is not known to be the bot is not ended: the order is refused, and nothing has changed', () => {
  const ends: Custody = { kind: 'command-ends', by: 'docker restart' };
  for (const custody of [unknown, ends]) {
    const bot = play();
    expect(bot.order(2000, 'stop', well({ custody }))).toEqual([]);
    expect(bot.result()).toMatch(/^refused: /);
    expect(bot.state()).toBe(up);
  }
  const off = play({ ...policy, enabled: false });
  off.order(2000, 'stop', well());
  expect(off.result()).toContain('no restart command is set');
});

test('start starts what was stopped: once, never beside a process that lives, and within the budget', () => {
  const bot = stopped();
  expect(bot.order(5000, 'stop', off())).toEqual([]);
  expect(bot.result()).toContain('already');
  expect(bot.order(6000, 'restart', off())).toEqual([]);
  expect(bot.result()).toContain('start');
  expect(bot.order(7000, 'start', off({ custody: unknown }))).toEqual([]);
  expect(bot.state().stop).not.toBeNull();
  expect(bot.order(8000, 'start', off())).toEqual(['restart-attempted', 'restart']);
  expect(bot.state()).toMatchObject({ phase: 'restarting', stop: null, budget: { restarts: [8000] } });
  // The last word of the run before, seen late, is no planned stop of the new one.
  expect(bot.look(8500, see('stopped', { kind: 'planned-stop' }, { custody: gone }))).toEqual([]);
  expect(bot.order(8600, 'start', dead())).toEqual([]);
  expect(bot.look(9000, well({ beatAt: 8900, run: 'b' }))).toEqual(['restart-verified']);
});

test('a process that somebody has started meanwhile is accepted by start, not ended and not doubled', () => {
  const bot = stopped();
  expect(bot.order(8000, 'start', off({ custody: held }))).toEqual(['custom']);
  expect(bot.state()).toMatchObject({ phase: 'starting', stop: null });
  // A beat of the run that was stopped does not make it well.
  bot.look(8100, well());
  expect(bot.state().phase).toBe('starting');
  bot.look(9000, well({ beatAt: 8900, run: 'b' }));
  expect(bot.state().phase).toBe('up');
});

test('a bot that beats though it is stopped is told once a run, not restarted when it dies, and ended by another stop', () => {
  const bot = stopped();
  const again = well({ beatAt: 20_000, run: 'b' });
  expect(bot.look(20_000, again)).toEqual(['custom']);
  for (const now of [21_000, 90_000]) expect(bot.look(now, again)).toEqual([]);
  expect(bot.look(100_000, dead({ beatAt: 99_000, run: 'b' }))).toEqual([]);
  expect(bot.state()).toMatchObject({ phase: 'stopped', stop: { goneAt: 100_000, ran: null } });
  const third = well({ beatAt: 200_000, run: 'c' });
  expect(bot.look(200_000, third)).toEqual(['custom']);
  expect(bot.order(201_000, 'stop', third)).toEqual(['SIGTERM']);
});

test('a stop ends an incident and what was begun for it, also a restart that is on its way', () => {
  const bot = play();
  expect(bot.look(20_000, dead({ custody: held }))).toEqual([]);
  expect(bot.look(30_000, dead({ custody: held }))).toContain('SIGTERM');
  expect(bot.order(30_100, 'stop', dead({ custody: held }))).toEqual(['SIGTERM']);
  expect(bot.state()).toMatchObject({ ending: { purpose: 'stop' }, budget: { restarts: [] } });
  expect(bot.order(30_200, 'restart', dead({ custody: held }))).toEqual([]);
  expect(bot.order(30_300, 'pause', dead({ custody: held }), { minutes: 5 })).toEqual(['paused']);
  expect(bot.look(31_000, dead())).toEqual(['custom', 'custom']);
  expect(bot.state()).toMatchObject({ phase: 'stopped', incident: null });
  for (const now of [50_000, 1e6]) expect(bot.look(now, dead())).toEqual([]);
});

test('a stop outlives the monitor: also one that is only begun, one that is the parent, and a journal that is read late', () => {
  for (const asParent of [false, true]) {
    const bot = stopped();
    bot.end(3100);
    bot.resume(4000, asParent);
    for (const now of [4000, 100_000]) expect(bot.look(now, off())).toEqual([]);
    expect(bot.state().stop).toMatchObject({ by: 'ann', goneAt: 3000 });
    const begun = play();
    begun.order(2000, 'stop', well());
    begun.resume(2500, asParent);
    expect(begun.look(2600, well())).toEqual(['SIGTERM']);
    expect(begun.look(2700, dead())).toEqual(['custom']);
    const blind = play();
    blind.order(2000, 'stop', well());
    blind.resume(2500, asParent);
    // Told once, and done as soon as it is safe.
    expect(blind.look(2600, well({ custody: unknown }))).toEqual(['custom']);
    expect(blind.look(9000, well({ custody: unknown }))).toEqual([]);
    expect(blind.look(12_000, well())).toEqual(['SIGTERM']);
  }
  const late = stopped();
  late.resume(4000, true, true);
  for (const now of [4000, 100_000]) expect(late.look(now, dead())).toEqual([]);
});

test('what a monitor that is the parent starts by order it does not start once more with the same look', () => {
  const bot = stopped();
  bot.resume(4000, true);
  bot.look(4000, off());
  expect(bot.order(5000, 'start', off())).toEqual(['restart-attempted', 'restart']);
  expect(bot.look(5000, off())).toEqual([]);
  const first = play();
  first.resume(4000, true);
  expect(first.order(4000, 'restart', dead())).toEqual(['restart-attempted', 'restart']);
  expect(first.look(4000, dead())).toEqual([]);
});

test('start starts a bot that ended as planned, and nothing that was not stopped', () => {
  const bot = play();
  const planned = see('stopped', { kind: 'planned-stop' }, { custody: gone });
  expect(bot.order(1000, 'start', well())).toEqual([]);
  expect(bot.result()).toContain('not stopped');
  bot.look(2000, planned);
  expect(bot.order(3000, 'start', planned)).toEqual(['restart-attempted', 'restart']);
  expect(bot.look(4000, planned)).toEqual([]);
});

test('a beat of before the stop is judged as stopped, and a later one as what it says', () => {
  const at = Date.UTC(2026, 4, 6, 12);
  const record = {
    ...{
      status: '✅ On',
      indicator: '✅',
      message: 'On',
      timestamp: '',
      sessionActive: true,
      stopped: false,
    },
    updatedAt: at,
  };
  const reading: Reading = { kind: 'beat', record };
  const health = (goneAt: number, now: number, read: Reading = reading) => {
    const stop = { by: 'ann', reason: '', since: at, goneAt, ran: null };
    const stoppedBy = stopEvidence({ stop, lastBeat: null }, read, now);
    const seen = { unchangedMs: now - at, exact: true, stalledMs: 0, stoppedBy };
    const limits = { maxAgeMs: 60_000, maxStallMs: null, futureToleranceMs: 60_000 };
    return judge(read, seen, limits, null, now).state;
  };
  for (const now of [at + 1000, at + 9e6]) expect(health(at, now)).toBe('stopped');
  expect(health(at - 5000, at + 1000)).toBe('healthy');
  expect(health(at - 5000, at + 60_000)).toBe('stale');
  const missing: Reading = { kind: 'missing', problem: { code: 'missing', file: 'x' } };
  const torn: Reading = { kind: 'corrupt', problem: { code: 'empty' } };
  expect([health(at, at + 1, missing), health(at, at + 1, torn)]).toEqual(['stopped', 'unknown']);
});

test('a process that is gone is what was ordered, also before the monitor has seen that, and nothing else is', () => {
  const written = { updatedAt: 5000, sessionActive: true, stopped: false, timestamp: '' };
  const record = { status: '✅ On', indicator: '✅', message: 'On', ...written };
  const stop = { by: 'ann', reason: '', since: 5000, goneAt: null, ran: null };
  const limits = { maxAgeMs: 60_000, maxStallMs: null, futureToleranceMs: 60_000 };
  const health = (ofStop: OwnerStop, gone: boolean, unchangedMs = 1000) => {
    const reading: Reading = { kind: 'beat', record };
    const stoppedBy = stopEvidence({ stop: ofStop, lastBeat: null }, reading, 9000);
    const end = gone ? { gone: { pid: 7, exitCode: null } } : {};
    const seen = { unchangedMs, exact: true, stalledMs: 0, stoppedBy, ...end };
    return judge(reading, seen, limits, null, 9000).state;
  };
  expect(health(stop, true)).toBe('stopped');
  expect([health(stop, false), health(stop, false, 61_000)]).toEqual(['healthy', 'stale']);
  // Somebody else had started it, and that has ended too.
  expect(health({ ...stop, goneAt: 1000 }, true)).toBe('stopped');
});

test('an order of more than a minute ago is refused, and so is one that is dated ahead: how old that is nobody knows', () => {
  for (const at of [60_000 - 61_000, 60_000 + 61_000]) {
    const command = { kind: 'stop', by: 'ann', at, args: {} };
    const { state, result, actions } = decide(up, { kind: 'person', command, seen: well() }, 60_000, policy);
    expect(result).toMatch(/^refused: .*give it again$/);
    expect({ state, actions }).toEqual({ state: up, actions: [] });
  }
});
