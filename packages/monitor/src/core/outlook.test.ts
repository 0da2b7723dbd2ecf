import { expect, test } from 'vitest';
import type { Custody } from '../custody/custody.ts';
import { noProcessFacts, type Observation } from './observation.ts';
import { outlookOf, safetyOf } from './outlook.ts';
import { defaultRestartPolicy } from './policy.ts';
import { initialState } from './supervisor-state.ts';

const problem = (code: string, cause = '') => ({ code, file: 'status.txt', cause });
const seen = (over: object, processes: object = {}): Observation =>
  ({
    bot: 'bot',
    reading: 'beat',
    everBeat: true,
    health: { state: 'healthy', reason: { kind: 'on-time' } },
    processes: { ...noProcessFacts, ...processes },
    ...over,
  }) as unknown as Observation;
const unreadable = (cause: string) =>
  seen({
    reading: 'unreadable',
    health: { state: 'unknown', reason: { kind: 'no-beat', problem: problem('unreadable', cause) } },
  });
const gone: Custody = { kind: 'gone', by: 'process' };
const none = initialState(0, 0);
const words = (saw: Observation, policy = defaultRestartPolicy, state = none) =>
  safetyOf(state, saw, gone, policy);

test('how safe a restart is: what custody says, unless an alert would say otherwise', () => {
  const down = { state: 'down', reason: { kind: 'process-gone', pid: 7, exitCode: null } };
  expect(words(seen({ health: down }))).toBe('safe: its process is gone');
  const never = seen({
    reading: 'corrupt',
    everBeat: false,
    health: { state: 'unknown', reason: { kind: 'no-beat', problem: problem('empty') } },
  });
  expect(words(never)).toMatch(/^not safe: no beat of this file could ever be read/);
  expect(words(seen({}, { diskTrouble: 'ENOSPC' }))).toMatch(
    /^not safe: the disk.* Make room .* may be well/,
  );
  const ended = { diskTrouble: 'EROFS', writer: 'gone' };
  expect(words(seen({}, ended))).toMatch(
    /^not safe: the disk.* can be written again.*Then Sentinel restarts/,
  );
  const policy = { ...defaultRestartPolicy, noRestartOn: [78] };
  expect(words(seen({}, { exitCode: 78 }), policy)).toMatch(/^not made: .* exit code 78/);
});

test('what beats is never said to be gone, and nobody is told to end it', () => {
  expect(words(seen({}))).toMatch(/^not known yet: the bot beats, .*Set --bot-process/);
  const custody: Custody = { kind: 'unknown', doubt: { kind: 'unverified-match', pid: 7 } };
  const doubtful = (state: string) => {
    const saw = seen({ health: { state, reason: { kind: 'on-time' } } }, { custody });
    return safetyOf(none, saw, custody, defaultRestartPolicy);
  };
  expect(doubtful('healthy')).toMatch(/^not safe: process 7 may be the bot.* Set --bot-process/);
  expect(doubtful('healthy')).not.toContain('End it');
  expect(doubtful('stale')).toContain('End it if it is the bot');
});

test('a file that cannot be opened for want of descriptors is not said to be forbidden', () => {
  expect(words(unreadable('EMFILE'))).toMatch(/\(EMFILE\).*Too many open files/);
  const folder = seen({
    reading: 'unreadable',
    health: { state: 'unknown', reason: { kind: 'no-beat', problem: problem('not-a-file') } },
  });
  expect(words(folder)).toMatch(/the status file is not a file.*Remove it/);
  expect(words(unreadable('EACCES'))).toMatch(/may not read the status file/);
});

test('a restart is not called safe while the bot asks for a person', () => {
  const asked = { 'needs-person': { what: '2FA', open: true, toldAt: 0 } };
  const state = { ...none, says: { ...none.says, told: asked } };
  expect(words(seen({}), defaultRestartPolicy, state)).toContain(
    'not safe: the bot has asked for a person (2FA)',
  );
});

test('a budget is not called spent that has a restart left when the next one is due', () => {
  const policy = { ...defaultRestartPolicy, enabled: true, most: 1, windowMs: 60_000 };
  const down = seen(
    { health: { state: 'down', reason: { kind: 'process-gone', pid: 7, exitCode: null } } },
    { writer: 'gone', custody: gone },
  );
  const spentAt = (at: number, onExhausted = false) => {
    const state = { ...none, goneSince: 60_000, budget: { ...none.budget, restarts: [at] } };
    return outlookOf(state, down, 60_000, { ...policy, onExhausted });
  };
  // The look that follows, at which the restart is made, comes ten seconds later.
  expect(spentAt(5000)).toEqual({ kind: 'in', ms: 10_000 });
  expect(spentAt(15_000)).toEqual({ kind: 'budget-spent' });
  // Whoever reads of it knows at once that positions are seen to.
  expect(spentAt(15_000, true)).toEqual({ kind: 'budget-spent', lastResort: true });
});
