import { expect, test } from 'vitest';
import { asMemory } from '../../custody/kept-memory.ts';
import type { Memory } from '../../custody/memory.ts';
import type { Kin, Process, Target } from '../../custody/process.ts';
import type { Processes } from '../ports/processes/index.ts';
import type { BotHolders } from './holders.ts';
import { BotKeepers } from './keepers.ts';
import type { BotMemory } from './memory.ts';
import type { BotProcesses } from './processes.ts';

const bot: Target = { kind: 'process', pid: 7, mark: 70, startedUp: 0 };
const kin = (pid: number, parent: number, startedUp = 0): Kin => ({
  ...{ pid, parent, startedUp },
  ...{ group: pid, session: pid, mark: pid * 10 },
});

/** A machine on which these run, with a journal that outlives each monitor. */
const machine = (programs: Readonly<Record<number, string>>) => {
  let now = 100_000;
  let memory = asMemory({ record: { updatedAt: 1 } }) as Memory;
  let starts: number | null = null;
  let asked = 0;
  const get = (pid: number) => {
    const line = programs[pid];
    return line === undefined
      ? 'none'
      : ({ ...kin(pid, 0), args: line.split(' '), exe: line.split(' ')[0] ?? null } as unknown as Process);
  };
  const processes = {
    get,
    uptimeMs: () => now,
    unitOf: () => ({ name: 'bot.service', user: null }),
    startsAgainInMs: () => {
      asked += 1;
      return starts;
    },
  } as unknown as Processes;
  const journal = {
    known: () => memory,
    learned: (change: (known: Memory) => Memory) => {
      memory = change(memory);
    },
  } as unknown as BotMemory;
  const seen = { ownGroup: () => null, ancestors: [99] } as unknown as BotProcesses;
  const holders = { aliveOf: () => true } as unknown as BotHolders;
  return {
    monitor: () => new BotKeepers(processes, { memory: journal, seen, holders }),
    at: (ms: number) => {
      now = ms;
    },
    says: (ms: number | null) => {
      starts = ms;
    },
    asked: () => asked,
  };
};

test('the next monitor knows what had started the bot, and that it waits', () => {
  const { monitor, at } = machine({ 6: '/bin/bash loop.sh', 7: 'python3 heartbeat.py', 8: 'sleep 25' });
  monitor().note([bot], [kin(6, 1), kin(7, 6)], true);
  at(110_000);
  const sleeping = [kin(6, 1), kin(8, 6, 105_000)];
  expect(monitor().living(sleeping, 104_000)).toEqual({ pid: 6, unit: null, waitMs: 30_000 });
});

test('a shell that sleeps beside the living bot does not wait for its end', () => {
  const { monitor, at } = machine({ 6: '/bin/bash start.sh', 7: 'python3 heartbeat.py', 8: 'sleep 3600' });
  const keepers = monitor();
  keepers.note([bot], [kin(6, 1), kin(7, 6), kin(8, 6, 99_000)], true);
  at(110_000);
  const sleeping = [kin(6, 1), kin(8, 6, 109_000)];
  expect(keepers.living(sleeping, 105_000)?.waitMs).toBe(0);
  keepers.note([bot], [kin(6, 1), kin(7, 6)], true);
  expect(monitor().living(sleeping, 105_000)?.waitMs).toBe(0);
});

test('a sleep that is found as the bot has just ended is not beside it', () => {
  const { monitor, at } = machine({ 6: '/bin/bash loop.sh', 7: 'python3 heartbeat.py', 8: 'sleep 16' });
  const keepers = monitor();
  keepers.note([bot], [kin(6, 1), kin(7, 6)], true);
  const ended = [kin(6, 1), kin(8, 6, 105_000)];
  keepers.note([bot], ended, true);
  at(106_000);
  expect(keepers.living(ended, 104_000)?.waitMs).toBe(25_000);
});

test('a shell that has started something behind the bot waits for its end, one thing after the other', () => {
  const { monitor, at } = machine({
    6: '/bin/bash loop.sh',
    7: 'python3 heartbeat.py',
    8: 'sleep 12',
    9: 'sleep 13',
    10: '/bin/sh ./update.sh',
    11: 'tail -f log',
  });
  const keepers = monitor();
  keepers.note([bot], [kin(6, 1), kin(7, 6)], true);
  const waits = (child: Kin) => keepers.living([kin(6, 1), child], 104_000)?.waitMs;
  at(106_000);
  expect(waits(kin(8, 6, 105_000))).toBe(21_000);
  at(118_000);
  expect(waits(kin(9, 6, 117_000))).toBe(22_000);
  at(131_000);
  expect(waits(kin(10, 6, 130_000))).toBe(10_000);
  at(150_000);
  expect(waits(kin(10, 6, 130_000))).toBe(10_000);
  // What waits for ever is no wait between two starts, and what it had before says nothing.
  at(161_000);
  expect(waits(kin(11, 6, 160_000))).toBe(0);
  expect(waits(kin(10, 6, 90_000))).toBe(0);
  // Whoever goes on working stays.
  at(406_000);
  expect(waits(kin(10, 6, 130_000))).toBe(0);
});

test('what comes to the shell that is process 1 is not its own: a sleep alone is waited for', () => {
  const { monitor, at } = machine({
    1: 'bash entry.sh',
    7: 'python3 heartbeat.py',
    8: 'python3 report.py',
    9: 'sleep 12',
  });
  const keepers = monitor();
  keepers.note([bot], [kin(1, 0), kin(7, 1)], true);
  at(130_000);
  expect(keepers.living([kin(1, 0), kin(8, 1, 105_000)], 104_000)?.waitMs).toBe(0);
  expect(keepers.living([kin(1, 0), kin(9, 1, 129_000)], 104_000)?.waitMs).toBe(21_000);
});

test('systemd says until when it waits, and is asked seldom', () => {
  const { monitor, at, says, asked } = machine({ 1: '/usr/lib/systemd/systemd', 7: 'python3 heartbeat.py' });
  const keepers = monitor();
  keepers.note([bot], [kin(1, 0), kin(7, 1)], true);
  const waitMs = () => keepers.living([kin(1, 0)], 0);
  says(30_000);
  expect(waitMs()).toEqual({ pid: 1, unit: 'bot.service', waitMs: 40_000 });
  at(101_000);
  expect(waitMs()?.waitMs).toBe(39_000);
  expect(asked()).toBe(1);
  // A person has stopped the service meanwhile.
  says(null);
  at(106_000);
  expect(waitMs()?.waitMs).toBe(10_000);
  at(116_000);
  expect(waitMs()?.waitMs).toBe(0);
});

test('a service that systemd leaves alone is not waited for', () => {
  const { monitor } = machine({ 1: '/usr/lib/systemd/systemd', 7: 'python3 heartbeat.py' });
  const keepers = monitor();
  keepers.note([bot], [kin(1, 0), kin(7, 1)], true);
  expect(keepers.living([kin(1, 0)], 0)?.waitMs).toBe(0);
});

test('a program whose work it is to start others again has a minute for that', () => {
  const { monitor, at } = machine({ 6: '/usr/bin/python3 /usr/bin/supervisord', 7: 'python3 heartbeat.py' });
  const keepers = monitor();
  keepers.note([bot], [kin(6, 1), kin(7, 6)], true);
  at(110_000);
  expect(keepers.living([kin(6, 1)], 105_000)?.waitMs).toBe(55_000);
  at(170_000);
  expect(keepers.living([kin(6, 1)], 105_000)?.waitMs).toBe(0);
});
