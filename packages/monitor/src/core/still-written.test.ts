import { defaultHealthPolicy, type Reading } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import type { Custody } from '../custody/custody.ts';
import { decide } from './decide.ts';
import { noProcessFacts, nothingRun } from './observation.ts';
import { observe } from './observe.ts';
import { defaultRestartPolicy } from './policy.ts';
import { kindOf } from './replay.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';
import { firstTrack, follow } from './track.ts';

const maxAgeMs = 60_000;
const rules = { ...defaultRestartPolicy, maxAgeMs, graceMs: 10_000 };
const held: Custody = { kind: 'held', targets: [{ kind: 'process', pid: 7, mark: 1, startedUp: 0 }] };
const gone: Custody = { kind: 'gone', by: 'process' };

const unread = (stamp: string): Reading => ({ kind: 'corrupt', problem: { code: 'no-timestamp' }, stamp });
const beat = (at: number): Reading => ({
  kind: 'beat',
  record: {
    ...{ status: '✅ On', indicator: '✅', message: 'On', timestamp: '', updatedAt: at },
    ...{ sessionActive: true, stopped: false, instance: 'a', pid: 7, seq: at },
  },
});

/** Plays readings of one bot: gives what is done, and what is told. */
const play = (begin: SupervisorState = { ...initialState(0, 0), phase: 'up', grace: null }) => {
  let state = begin;
  let track = firstTrack('/f', null, { now: 0, wall: 0 });
  return {
    state: () => state,
    look: (now: number, reading: Reading, custody: Custody = held, command = nothingRun) => {
      ({ track } = follow(track, reading, { stall: null, beat: null }, { now, wall: now }));
      const processes = { ...noProcessFacts, custody, writer: custody === gone ? 'gone' : 'alive' } as const;
      const health = { ...defaultHealthPolicy, maxAgeMs };
      const facts = { bot: 'bot', reading, seen: track.seen, unread: track.unread, now, wallNow: now };
      const rest = { health, market: null, command, chance: 1, processes, everBeat: true };
      const decision = decide(state, { kind: 'look', seen: observe({ ...facts, ...rest }) }, now, rules);
      state = decision.state;
      return decision.actions.map((action) =>
        action.kind === 'end' ? action.signal : action.kind === 'notify' ? kindOf(action) : action.kind,
      );
    },
  };
};

test('is a bot ended that beats on in a form that nobody can read? Not while its file goes on changing, and people are told once', () => {
  const bot = play();
  bot.look(1000, beat(1000));
  bot.look(11_000, unread('0'));
  expect(bot.look(13_000, unread('0'))).toEqual(['unhealthy']);
  expect(bot.look(21_000, unread('1'))).toEqual(['restart-unsafe']);
  for (let at = 22_000; at < 10 * maxAgeMs; at += 1000)
    expect(bot.look(at, unread(String(Math.floor(at / 20_000))))).toEqual([]);
});

test('once the file has changed no more for max-age, the bot that hangs is ended', () => {
  const bot = play();
  bot.look(1000, beat(1000));
  for (const at of [11_000, 13_000, 21_000, 80_000]) bot.look(at, unread(String(at)));
  for (let at = 81_000; at < 140_000; at += 1000) expect(bot.look(at, unread('80000'))).toEqual([]);
  expect(bot.look(140_000, unread('80000'))).toEqual(['restart-attempted', 'SIGTERM']);
});

test('one change after the last beat counts as well: max-age begins with it', () => {
  const bot = play();
  bot.look(1000, beat(1000));
  bot.look(51_000, unread('0'));
  expect(bot.look(53_000, unread('0'))).toEqual(['unhealthy']);
  expect(bot.look(110_999, unread('0'))).toEqual([]);
  expect(bot.look(111_000, unread('0'))).toEqual(['restart-attempted', 'SIGTERM']);
});

test('what was there at the first look of a monitor is no change', () => {
  const bot = play();
  bot.look(1000, unread('0'));
  bot.look(3000, unread('0'));
  expect(bot.look(60_000, unread('0'))).toEqual(['restart-attempted', 'SIGTERM']);
});

test('whoever writes there, a bot whose process is known to be gone is started again, and a living one beside it is not ended', () => {
  const bot = play();
  bot.look(1000, beat(1000));
  bot.look(11_000, unread('0'), gone);
  bot.look(13_000, unread('1'), gone);
  expect(bot.look(22_000, unread('2'), gone)).toEqual(['restart-attempted', 'restart']);
});

test('a bot in the foreground of its command that came back with another format is not ended for --restart-timeout', () => {
  const restart = { at: 5000, attempt: 1, runsBefore: [], replaced: 'known', commandDueAt: 15_000 } as const;
  const begin = {
    ...initialState(0, 10_000),
    phase: 'restarting',
    restart: { ...restart, commandFailed: false },
  } as const;
  const command = { ...nothingRun, startedAt: 5000, running: true, groupAlive: true };
  const [bot, silent] = [play(begin), play(begin)];
  for (let at = 6000; at < 200_000; at += 1000)
    expect(bot.look(at, unread(String(at)), held, command)).not.toContain('end-command');
  // What does not change says nothing.
  silent.look(6000, unread('0'), held, command);
  expect(silent.look(15_000, unread('0'), held, command)).toContain('end-command');
});
