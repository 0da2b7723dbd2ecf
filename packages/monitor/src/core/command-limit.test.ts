import { expect, test } from 'vitest';
import { observed } from '../../test/observation.ts';
import { commandLimitMs, lateStartUntil } from './command-limit.ts';
import { decide } from './decide.ts';
import { pack } from './kept-state.ts';
import { noProcessFacts, nothingRun, type Observation } from './observation.ts';
import { defaultRestartPolicy, type RestartPolicy } from './policy.ts';
import { kindOf } from './replay.ts';
import { initialState } from './supervisor-state.ts';

const policy: RestartPolicy = { ...defaultRestartPolicy, enabled: true, graceMs: 6000, backoffMs: 2000 };

/** A bot in a container that hangs: the command began at 20 s. `endedAt`: `null`: it runs. */
const silentAt = (now: number, endedAt: number | null = null) =>
  observed(
    'stale',
    { kind: 'too-old', ageMs: now, maxAgeMs: 6000 },
    {
      processes: { ...noProcessFacts, custody: { kind: 'command-ends', by: 'docker restart' } },
      command: {
        ...nothingRun,
        startedAt: 20_000,
        running: endedAt === null,
        endedAt,
        groupAlive: endedAt === null,
        exitCode: endedAt === null ? null : 0,
      },
    },
  );

const begun = (rules: RestartPolicy = policy) => {
  let state = initialState(0, 0);
  const look = (now: number, endedAt?: number | null, over: Partial<Observation> = {}) => {
    const seen = { ...silentAt(now, endedAt), ...over };
    const decision = decide(state, { kind: 'look', seen }, now, rules);
    state = decision.state;
    return decision.actions.map((action) => (action.kind === 'notify' ? kindOf(action) : action.kind));
  };
  const resume = (now: number) => {
    const kept: unknown = JSON.parse(JSON.stringify(pack(state)));
    const input = { kind: 'start', bot: 'bot', kept, lost: false, late: false, asParent: false } as const;
    state = decide(initialState(now, rules.graceMs), input, now, rules).state;
  };
  expect(look(20_000)).toContain('restart');
  return { look, resume, nextAt: () => state.budget.nextAt };
};

test('a command that ends the old bot by itself has its time for that, and the new one its grace from then on', () => {
  const { look, nextAt } = begun();
  // Docker waits ten seconds for a container that does not end.
  for (const now of [26_000, 30_000]) expect(look(now)).toEqual([]);
  for (const now of [31_000, 36_999]) expect(look(now, 31_000)).toEqual([]);
  expect(look(37_000, 31_000)).toEqual(['restart-failed']);
  expect(nextAt(), 'the wait begins with the failure').toBeGreaterThanOrEqual(39_000);
});

test('the next monitor gives the command and the new bot the same', () => {
  const { look, resume } = begun();
  resume(25_000);
  for (const now of [27_000, 33_000]) expect(look(now)).toEqual([]);
  for (const now of [34_000, 39_999]) expect(look(now, 34_000)).toEqual([]);
  expect(look(40_000, 34_000)).toEqual(['restart-failed']);
});

test('one that hangs is ended after two minutes, or as long as was set', () => {
  const usual = begun();
  expect(usual.look(139_999)).toEqual([]);
  expect(usual.look(140_000)).toEqual(['end-command']);
  const set = begun({ ...policy, restartTimeoutMs: 15_000 });
  expect(set.look(34_999)).toEqual([]);
  expect(set.look(35_000)).toEqual(['end-command']);
});

test('a command that runs on while a bot beats may have become it: after the grace that is told', () => {
  const { look } = begun();
  const { health } = observed('healthy', { kind: 'fresh' });
  const beats = { health, run: null, named: false, beatAt: 25_000 };
  expect(look(25_000, null, beats)).toEqual([]);
  expect(look(26_000, null, beats)).toEqual(['restart-unproven', 'recovered']);
});

test('a command that was let run on and ends after its grace may have started a bot: nothing is started beside that before a grace', () => {
  const bot = { ...initialState(0, 0), phase: 'down' } as const;
  const restart = { at: 20_000, attempt: 1, runsBefore: [], replaced: 'known', commandDueAt: null } as const;
  const state = { ...bot, restart: { ...restart, commandFailed: false } };
  const until = (endedAt: number, command = {}, over = {}) => {
    const ended = { ...nothingRun, startedAt: 20_000, endedAt, exitCode: 0, ...command };
    return lateStartUntil({ ...state, ...over }, { command: ended }, policy);
  };
  expect(until(40_000)).toBe(46_000);
  expect(until(40_000, { exitCode: 1 }), 'it may have failed after it had started one').toBe(46_000);
  expect(until(25_000), 'within the grace').toBe(0);
  expect(until(40_000, { exitCode: null, signal: 'SIGTERM' }), 'it was ended').toBe(0);
  const lastBeat = { key: 'a', at: 30_000, latestAt: 30_000 };
  expect(until(40_000, {}, { lastBeat }), 'the bot itself').toBe(0);
});

test('any other command has the grace for both', () => {
  for (const replaced of ['known', 'nothing', 'unknown'] as const)
    expect(commandLimitMs(policy, replaced)).toBe(6000);
  expect(commandLimitMs({ ...policy, graceMs: 300_000 }, 'command')).toBe(300_000);
});
