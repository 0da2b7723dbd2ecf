import type { HealthReason, HealthState } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { observed } from '../../test/observation.ts';
import type { Custody } from '../custody/custody.ts';
import { decide } from './decide.ts';
import { pack } from './kept-state.ts';
import { noProcessFacts, nothingRun, type Observation } from './observation.ts';
import { defaultRestartPolicy, type RestartPolicy } from './policy.ts';
import { kindOf } from './replay.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';

/*
 * What holds a restart back holds back each of its parts: the end of the bot before, KILL, and the first start.
 */

const policy: RestartPolicy = { ...defaultRestartPolicy, graceMs: 10_000, most: 1, onExhausted: true };
const held: Custody = { kind: 'held', targets: [{ kind: 'process', pid: 7, mark: 1, startedUp: 0 }] };
const gone: Custody = { kind: 'gone', by: 'process' };

const see = (state: HealthState, reason: HealthReason, custody: Custody = held): Observation =>
  observed(state, reason, {
    processes: { ...noProcessFacts, custody, writer: custody === gone ? 'gone' : 'alive' },
    writer: { instance: 'a', pid: 7, host: 'here' },
    beatAt: 1000,
  });
const stopped = (custody: Custody = gone) => see('stopped', { kind: 'planned-stop' }, custody);
const crashed = (exitCode: number | null): Observation => {
  const dead = see('down', { kind: 'process-gone', pid: 7, exitCode }, gone);
  return { ...dead, processes: { ...dead.processes, exitCode } };
};
const silent = (custody: Custody = held) =>
  see('stale', { kind: 'too-old', ageMs: 60_000, maxAgeMs: 5000 }, custody);

/** Plays looks, and gives what was done and told beside the state. */
const play = (begin: SupervisorState, rules: RestartPolicy = policy) => {
  let state = begin;
  const take = (input: Parameters<typeof decide>[1], now: number) => {
    const decision = decide(state, input, now, rules);
    state = decision.state;
    return decision.actions.map((action) =>
      action.kind === 'end' ? action.signal : action.kind === 'notify' ? kindOf(action) : action.kind,
    );
  };
  return {
    state: () => state,
    look: (now: number, seen: Observation) => take({ kind: 'look', seen }, now),
    order: (now: number, kind: string, args: Record<string, unknown> = {}, seen = silent()) =>
      take({ kind: 'person', command: { kind, by: 'root', at: now, args }, seen }, now),
    /** The monitor ends, and the bot with it. */
    end: (now: number) => take({ kind: 'end' }, now),
    jump: (now: number) => take({ kind: 'jump' }, now),
    /** A monitor after this one. */
    resume: (now: number, asParent = false) => {
      const kept: unknown = JSON.parse(JSON.stringify(pack(state)));
      state = initialState(now, rules.graceMs);
      return take({ kind: 'start', bot: 'bot', kept, lost: false, late: false, asParent }, now);
    },
  };
};

const up: SupervisorState = { ...initialState(0, 0), phase: 'up', grace: null };
const begun = ['unhealthy', 'restart-attempted', 'SIGTERM'];

test('a pause stops the end that was begun: no KILL and no start until it is over, and then a restart from the start', () => {
  const bot = play(up);
  expect(bot.look(20_000, silent())).toEqual(begun);
  expect(bot.order(21_000, 'pause', { minutes: 10 })).toEqual(['paused', 'custom']);
  expect(bot.state()).toMatchObject({ phase: 'down', ending: null, budget: { restarts: [] } });
  for (const seen of [silent(), silent(gone)])
    for (const now of [22_000, 30_000, 300_000]) expect(bot.look(now, seen)).toEqual([]);
  expect(bot.look(621_000, silent(gone))).toEqual(['restart-attempted', 'restart']);
});

test('a restart that a person orders in a pause is made, and a pause that comes after it stops it', () => {
  const bot = play(up);
  bot.order(1000, 'pause', { minutes: 10 });
  expect(bot.order(20_000, 'restart')).toEqual(['restart-attempted', 'SIGTERM']);
  expect(bot.look(25_000, silent())).toEqual(['SIGKILL']);
  expect(bot.order(25_100, 'pause', { minutes: 10 })).toEqual(['paused', 'custom']);
  expect(bot.look(26_000, silent(gone))).toEqual([]);
});

test('the end of a restart command that runs for too long waits for the end of a pause', () => {
  const bot = play(up);
  bot.look(20_000, silent(gone));
  const command = { ...nothingRun, startedAt: 20_000, running: true, groupAlive: true };
  const waits = { ...silent(), command };
  expect(bot.look(30_000, waits)).toEqual(['end-command']);
  bot.order(31_000, 'pause', { minutes: 10 });
  expect(bot.state().phase).toBe('restarting');
  for (const now of [32_000, 40_000, 600_000]) expect(bot.look(now, waits)).toEqual([]);
  expect(bot.look(631_000, waits)).toEqual(['end-command']);
});

test('a bot that asks for a person while it is being ended is left alone, and nothing is started', () => {
  const bot = play(up);
  expect(bot.look(20_000, silent())).toEqual(begun);
  const asks = see('degraded', { kind: 'needs-person', what: '2FA' });
  expect(bot.look(21_000, asks)).toEqual(['bot-says', 'restart-unsafe']);
  for (const now of [30_000, 60_000]) expect(bot.look(now, silent(gone))).toEqual([]);
  expect(bot.state()).toMatchObject({ phase: 'down', budget: { restarts: [] } });
});

test('a monitor that ends while it ends the bot has restarted nothing: the budget is as before', () => {
  const bot = play(up);
  bot.look(20_000, silent());
  bot.resume(21_000);
  expect(bot.state().budget.restarts).toEqual([]);
  expect(bot.look(21_000, silent())).toEqual(['restart-attempted', 'SIGTERM']);
  expect(bot.look(22_000, silent(gone))).toEqual(['restart']);
  bot.resume(23_000);
  expect(bot.state().budget.restarts).toEqual([21_000]);
});

test('a monitor that stood still sends KILL before it says that the bot lives on after it', () => {
  const bot = play(up);
  bot.look(20_000, silent());
  expect(bot.look(80_000, silent())).toEqual(['SIGKILL']);
  expect(bot.look(84_000, silent())).toEqual([]);
  expect(bot.look(85_000, silent())).toEqual(['restart-failed', 'budget-exhausted', 'last-resort']);
});

test('a halt by a person forbids every restart until it ends, and alerts go on', () => {
  const bot = play(up);
  expect(bot.order(1000, 'halt', { reason: 'daily loss' })).toEqual(['halted']);
  expect(bot.look(20_000, silent())).toEqual(['unhealthy']);
  for (const seen of [silent(), silent(gone)])
    for (const now of [30_000, 300_000]) expect(bot.look(now, seen)).toEqual([]);
  expect(bot.order(310_000, 'restart')).toEqual([]);
  bot.resume(320_000, true);
  expect(bot.look(330_000, silent(gone))).toEqual([]);
  expect(bot.order(340_000, 'unhalt')).toEqual(['unhalted']);
  expect(bot.look(341_000, silent(gone))).toEqual(['restart-attempted', 'restart']);
});

test('a halt stops the end that was begun, also one that a person has ordered, and ends by its time', () => {
  for (const isOrdered of [false, true]) {
    const bot = play(up);
    if (isOrdered) bot.order(20_000, 'restart');
    else bot.look(20_000, silent());
    expect(bot.state().phase).toBe('ending');
    expect(bot.order(21_000, 'halt', { minutes: 10 })).toEqual(['halted']);
    expect(bot.look(21_001, silent()).at(-1)).toBe('restart-unsafe');
    for (const now of [30_000, 300_000]) expect(bot.look(now, silent(gone))).not.toContain('restart');
    expect(bot.state().budget.restarts).toEqual([]);
    expect(bot.look(621_000, silent(gone)).slice(-3)).toEqual(['unhalted', 'restart-attempted', 'restart']);
  }
});

test('a halt says what it says once, and one without sense changes nothing', () => {
  const bot = play(up);
  const well = see('halted', { kind: 'halted', why: 'daily loss (halted by root)' });
  bot.order(1000, 'halt', { reason: 'daily loss' });
  // The bot itself has said nothing.
  const looks = [2000, 3000, 600_000].map((now) => bot.look(now, { ...well, ownHalt: null }));
  expect(looks.flat()).toEqual([]);
  for (const minutes of [0, -1, 'x', 1e9]) expect(bot.order(700_000, 'halt', { minutes })).toEqual([]);
  expect(bot.state().halt).toMatchObject({ reason: 'daily loss', by: 'root', until: null });
  bot.order(700_000, 'unhalt');
  expect(bot.order(700_001, 'unhalt')).toEqual([]);
});

const parent: RestartPolicy = { ...policy, most: 5, supervised: true, noRestartOn: [78] };

test('the first start of a monitor that is the parent waits for the end of a pause', () => {
  const bot = play(up, parent);
  bot.order(1000, 'pause', { minutes: 10 });
  expect(bot.look(2000, crashed(1))).toEqual([]);
  bot.resume(3000, true);
  for (const now of [3000, 60_000, 500_000]) expect(bot.look(now, crashed(null))).toEqual([]);
  expect(bot.look(601_000, crashed(null))).toEqual(['restart']);
});

test('a bot that a person has stopped is not started by the next monitor; one that was ended with the monitor is', () => {
  const bot = play(up, parent);
  bot.look(2000, { ...stopped(), beatAt: 1900 });
  bot.end(60_000);
  bot.resume(61_000, true);
  for (const now of [61_000, 100_000]) expect(bot.look(now, stopped())).toEqual([]);
  const both = play(up, parent);
  both.look(2000, { ...stopped(), beatAt: 1900 });
  both.end(2100);
  both.resume(3000, true);
  expect(both.look(3000, stopped())).toEqual(['restart']);
  const unseen = play(up, parent);
  unseen.end(2000);
  unseen.resume(3000, true);
  expect(unseen.look(3000, stopped())).toEqual(['restart']);
});

test('a bot that asks for a person is not started by the next monitor', () => {
  for (const wasDown of [true, false]) {
    const bot = play(up, parent);
    bot.look(2000, see('degraded', { kind: 'needs-person', what: '2FA' }));
    if (wasDown) bot.look(3000, crashed(1));
    bot.resume(4000, true);
    const done = [4000, 20_000, 60_000].flatMap((now) => bot.look(now, crashed(null)));
    expect(done.filter((kind) => kind === 'restart' || kind === 'SIGTERM')).toEqual([]);
  }
});

test('an exit code that forbids a restart holds for the next monitor too, until the bot beats', () => {
  const bot = play(up, parent);
  expect(bot.look(2000, crashed(78))).toEqual(['unhealthy']);
  bot.resume(3000, true);
  for (const now of [3000, 60_000]) expect(bot.look(now, crashed(null))).toEqual([]);
  bot.look(70_000, { ...see('healthy', { kind: 'fresh' }), beatAt: 69_900 });
  expect(bot.look(80_000, crashed(null))).toContain('restart');
});

/** Nothing has beaten yet, and the restart command has ended with this exit code. */
const endedBeforeItsFirstBeat = (exitCode: number): Observation => ({
  ...see('unknown', { kind: 'no-beat', problem: { code: 'missing', file: 'x' } }, { kind: 'never' }),
  reading: 'missing',
  everBeat: false,
  beatAt: null,
  processes: { ...noProcessFacts, custody: { kind: 'never' }, exitCode },
});

test('a first start that ended with an exit code that forbids a restart is told at once, and not repeated', () => {
  const bot = play({ ...initialState(0, 10_000), phase: 'starting' }, parent);
  bot.look(1000, endedBeforeItsFirstBeat(78));
  const done = [4000, 20_000, 600_000].flatMap((now) => bot.look(now, endedBeforeItsFirstBeat(78)));
  expect(done).toEqual(['unhealthy']);
  const other = play({ ...initialState(0, 10_000), phase: 'starting' }, parent);
  expect(other.look(4000, endedBeforeItsFirstBeat(1))).toEqual([]);
});

test('a restart that ended with an exit code that forbids another one has failed at once, and none is announced', () => {
  const bot = play(up, parent);
  expect(bot.look(20_000, silent(gone))).toContain('restart');
  const decision = decide(bot.state(), { kind: 'look', seen: crashed(78) }, 21_000, parent);
  expect(decision.actions).toMatchObject([
    {
      notification: {
        kind: 'restart-failed',
        nextInMs: null,
        reason: expect.stringContaining('--no-restart-on'),
      },
    },
  ]);
  expect(bot.look(21_000, crashed(78))).toEqual(['restart-failed']);
  for (const now of [60_000, 600_000]) expect(bot.look(now, crashed(78))).toEqual([]);
});

test('a restart that has failed promises no next attempt that would not be safe', () => {
  const failedWith = (custody: Custody) => {
    const bot = play(up, parent);
    expect(bot.look(20_000, silent(gone))).toContain('restart');
    const { actions } = decide(bot.state(), { kind: 'look', seen: silent(custody) }, 60_000, parent);
    return actions.flatMap((action) => (action.kind === 'notify' ? [action.notification] : []));
  };
  const [safe] = failedWith(gone);
  expect(safe).toMatchObject({ kind: 'restart-failed', nextInMs: 0 });
  const [doubted, next] = failedWith({ kind: 'unknown', doubt: { kind: 'no-descriptors' } });
  expect(doubted).toMatchObject({ kind: 'restart-failed' });
  expect(doubted).not.toHaveProperty('nextInMs');
  expect(next).toMatchObject({ kind: 'restart-unsafe' });
});

test('an incident that began while nobody was notified is told once by the next monitor that notifies', () => {
  const rules = { ...policy, enabled: false };
  const quiet = play(up, { ...rules, silent: true });
  expect(quiet.look(20_000, silent())).toEqual(['unhealthy']);
  const loud = play(quiet.state(), rules);
  quiet.resume(30_000);
  expect(quiet.look(30_000, silent())).toEqual([]);
  for (const told of [['reminder'], []]) {
    loud.resume(30_000);
    expect(loud.look(30_000, silent())).toEqual(told);
  }
});

test('a monitor that dies while what had started the bot is given time leaves that time to the next one', () => {
  const kept: Custody = { kind: 'gone', by: 'process', keeper: { pid: 9, unit: null, waitMs: 0 } };
  const bot = play(up, parent);
  expect(bot.look(20_000, silent())).toEqual(begun);
  expect(bot.look(21_000, silent(kept))).toEqual([]);
  expect(bot.state().ending?.goneAt).toBe(21_000);
  bot.resume(22_000, true);
  const done = [22_000, 25_000, 31_000].flatMap((now) => bot.look(now, silent(kept)));
  expect(done).not.toContain('restart');
  expect(bot.look(32_001, silent(kept))).toContain('restart');
});

test('an outage of a bot that is gone begins when that was seen first, not when it was told', () => {
  const rules = { ...policy, enabled: false };
  const dead = crashed(null);
  let state = decide(up, { kind: 'look', seen: dead }, 20_000, rules).state;
  state = decide(state, { kind: 'look', seen: dead }, 21_000, rules).state;
  expect(state.incident).toMatchObject({ since: 20_000, toldAt: 21_000 });
  // Another run that has ended with its first beat: the time for which the one before was gone is none of its outage.
  const lastBeat = { key: 'b', at: 19_000, latestAt: 19_000, watched: true };
  const again = { ...up, goneSince: 1000, lastBeat };
  state = decide(again, { kind: 'look', seen: dead }, 20_000, rules).state;
  state = decide(state, { kind: 'look', seen: dead }, 21_000, rules).state;
  expect(state.incident).toMatchObject({ since: 19_000, toldAt: 21_000 });
});

test('a restart waits a moment for the exit code of a command that has not ended yet', () => {
  const command = { ...nothingRun, startedAt: 1000, running: true, groupAlive: true };
  const gonePart = { ...crashed(null), command };
  const bot = play(up, parent);
  expect(bot.look(20_000, gonePart)).toEqual([]);
  expect(bot.look(20_300, crashed(78))).toEqual(['unhealthy']);
  for (const now of [21_000, 60_000]) expect(bot.look(now, crashed(78))).toEqual([]);
  // A wrapper that lives on says nothing of it.
  const other = play(up, parent);
  expect(other.look(20_000, gonePart)).toEqual([]);
  expect(other.look(21_999, gonePart)).toEqual([]);
  expect(other.look(22_000, gonePart)).toContain('restart');
});

test('a new start that stood still with the monitor gets one grace more, and its command too', () => {
  const bot = play(up);
  bot.look(20_000, silent(gone));
  const command = { ...nothingRun, startedAt: 20_000, running: true, groupAlive: true };
  bot.jump(50_000);
  expect(bot.look(50_000, { ...silent(), command })).toEqual([]);
  expect(bot.look(59_999, { ...silent(), command })).toEqual([]);
  bot.jump(59_999);
  expect(bot.look(60_000, { ...silent(), command })).toEqual(['end-command']);
});

const hourMs = 60 * 60_000;
/** A beat that a clock an hour behind has dated, found by a look. */
const datedLongAgo = (foundAt: number, custody: Custody): Observation => ({
  ...see('stale', { kind: 'too-old', ageMs: hourMs, maxAgeMs: 5000 }, custody),
  beat: `a ${foundAt}`,
  beatAt: foundAt - hourMs,
  foundAt,
});

test.each([
  { of: 'a process that lives', custody: held, done: ['restart-attempted', 'SIGTERM'] },
  {
    of: 'a bot that the command ends',
    custody: { kind: 'command-ends', by: 'systemctl restart' } satisfies Custody,
    done: ['restart-attempted', 'restart'],
  },
])('no date ends $of: a beat may be as young as the look that found it', ({ custody, done }) => {
  const bot = play(initialState(0, 0), { ...policy, maxAgeMs: 5000 });
  const missing = see('unknown', { kind: 'no-beat', problem: { code: 'missing', file: 'f' } }, custody);
  for (const now of [0, 2000]) bot.look(now, missing);
  expect(bot.state().phase, 'an incident is open').toBe('down');
  bot.resume(60_000);
  expect(bot.look(60_000, datedLongAgo(60_000, custody)), 'it came while no monitor watched').toEqual([]);
  bot.resume(62_000);
  expect(bot.look(62_000, datedLongAgo(60_000, custody)), 'the next monitor gives no time anew').toEqual([]);
  expect(bot.look(64_999, datedLongAgo(60_000, custody))).toEqual([]);
  expect(bot.look(65_000, datedLongAgo(60_000, custody))).toEqual(done);
});

test('a silent bot that lives has one grace from a monitor that is to be its parent, and is told before it is ended', () => {
  const bot = play(up);
  bot.resume(60_000, true);
  // The machine may have slept, and the bot with it.
  for (const now of [60_000, 69_999]) expect(bot.look(now, silent())).toEqual([]);
  expect(bot.look(70_000, silent())).toEqual(begun);
});

test('where nothing would be ended a bot is started by the date of its beat', () => {
  const bot = play(initialState(0, 10_000), { ...policy, maxAgeMs: 5000 });
  expect(bot.look(10_000, datedLongAgo(10_000, { kind: 'gone', by: 'absence' }))).toContain('restart');
});

test('a stall that the monitor before has seen ends no nameless bot before another beat shows it', () => {
  const bot = play(initialState(0, 0), { ...policy, maxAgeMs: 5000 });
  const stuck = {
    ...datedLongAgo(1000, held),
    health: see('stuck', { kind: 'no-progress', stalledMs: 9000, maxStallMs: 1 }).health,
  };
  expect(bot.look(1000, { ...stuck, run: null }), 'another start may have come as far').toEqual([
    'unhealthy',
  ]);
  expect(
    bot.look(2000, { ...stuck, run: null, beat: 'b', beatAt: 2000, foundAt: 2000, watched: true }),
  ).toContain('SIGTERM');
});

const loop = { pid: 41, unit: null, waitMs: 0 };
const kept: Custody = { kind: 'gone', by: 'process', keeper: loop };

test('what has started the bot has 10 s to start the next one, and beside that none is started', () => {
  const story = play(initialState(0, policy.graceMs));
  expect(story.look(20_000, silent())).toEqual(['unhealthy', 'restart-attempted', 'SIGTERM']);
  expect(story.look(21_000, silent(kept))).toEqual([]);
  expect(story.look(30_999, silent(kept))).toEqual([]);
  expect(story.look(31_000, silent(kept))).toEqual(['restart']);
});

test('what has started the bot waits for longer before it starts the next one: nothing is started beside it', () => {
  const story = play(initialState(0, policy.graceMs));
  const waits = (waitMs: number): Custody => ({ ...kept, keeper: { ...loop, waitMs } });
  story.look(20_000, silent());
  expect(story.look(21_000, silent(waits(40_000)))).toEqual(['restart-waits']);
  expect(story.look(31_000, silent(waits(30_000)))).toEqual([]);
  expect(story.look(61_000, silent(kept))).toEqual(['restart']);
});

test.each<[string, Observation]>([
  ['its process is seen', silent({ kind: 'started', targets: [] })],
  ['it beats, and its process is not found', { ...see('healthy', { kind: 'fresh' }, kept), beatAt: 23_000 }],
])('it starts the next one: %s', (_, next) => {
  const story = play(initialState(0, policy.graceMs));
  story.look(20_000, silent());
  story.look(21_000, silent(kept));
  expect(story.look(24_000, next)).not.toContain('restart');
  expect(story.look(60_000, { ...see('healthy', { kind: 'fresh' }, held), beatAt: 59_000 })).not.toContain(
    'restart',
  );
  expect(story.state().phase).toBe('up');
});

test('heartbeats that continue behind a process that has ended are told once', () => {
  const story = play(initialState(0, policy.graceMs));
  const well = see('healthy', { kind: 'fresh' });
  const lost = { ...well, processes: { ...well.processes, lost: 7 } };
  expect(story.look(20_000, well)).toEqual([]);
  expect(story.look(21_000, lost)).toEqual(['custom']);
  expect(story.look(22_000, lost)).toEqual([]);
});
