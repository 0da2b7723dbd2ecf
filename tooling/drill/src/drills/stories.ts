// What many drills do, each in one function.
import { setTimeout as sleep } from 'node:timers/promises';
import { lives, signal, statOf } from '../world/proc.ts';
import type { Program } from '../world/program.ts';
import type { PythonBot } from '../world/python-bot.ts';
import { words } from '../world/words.ts';
import { type MonitorOptions, policy, slack, type World } from '../world/world.ts';

/** The restart command of the seed. */
export const python = 'python3 heartbeat.py';

export const isHealthy = (world: World, monitor: Program) =>
  world.until('the monitor says healthy', () => monitor.said().includes('is healthy'));

/** Stops a process behind a whole beat: one that is stopped between truncating and writing is another fault. */
const stop = async (world: World, pid: number, file = 'logs/heartbeat_status.txt'): Promise<void> => {
  for (;;) {
    signal(pid, 'SIGSTOP');
    await world.until(`${pid} has stopped`, () => statOf(pid)?.state === 'T');
    if (/[}\d]\s*$/.test(world.read(file))) break;
    signal(pid, 'SIGCONT');
    await sleep(20);
  }
};

/** @param file where it beats. */
export const hang = async (world: World, pid: number, file?: string): Promise<void> => {
  await stop(world, pid, file);
  world.fault();
};

export const kill = async (world: World, pid: number): Promise<void> => {
  await stop(world, pid);
  signal(pid, 'SIGKILL');
  world.fault();
  await world.until(`${pid} is gone`, () => !lives(pid));
};

/** A bot that was started by hand, and a monitor that has seen it beat. */
export const watched = async (world: World, bot: PythonBot, options: MonitorOptions = {}) => {
  world.python(bot);
  const { pid, program } = await world.bot();
  const monitor = await world.monitor({ restart: python, ...options });
  await isHealthy(world, monitor);
  return { pid, program, monitor };
};

/** From now on the monitor may have so many files open more than it has; fewer than it has: it can open none. */
export const leaveDescriptors = (world: World, { pid }: Program, more: number) =>
  world.start(['sh', '-c', `prlimit --pid ${pid} --nofile=$(($(ls /proc/${pid}/fd | wc -l) + ${more})):4096`])
    .ended;

/** The old bot has ended, another one beats, people were told, and it stays so. */
export const isReplaced = async (world: World, old: number): Promise<void> => {
  await world.told(words.unhealthy, policy.maxAge + slack);
  await world.replaced(old, policy.secondLook + policy.grace + slack);
  await world.told(words.recovered);
  await staysOne(world, policy.maxAge);
};

export const isReplacedOnceHung = async (world: World, pid: number): Promise<void> => {
  await hang(world, pid);
  await isReplaced(world, pid);
};

export const staysOne = (world: World, seconds: number): Promise<void> =>
  world.never('another number of bots than one', seconds, () => {
    const living = world.alive();
    return living.length !== 1 && `alive: ${living.join(' ') || 'none'}`;
  });

/** For so long the bot of this pid is left alone, and nothing is started beside it. */
export const isLeftAlone = (world: World, pid: number, seconds: number): Promise<void> =>
  world.never(`the healthy bot ${pid} ended, or one beside it`, seconds, () => {
    const living = world.alive();
    return (living.length !== 1 || living[0] !== pid) && `alive: ${living.join(' ') || 'none'}`;
  });

/** Nothing is known of the process: nothing is started, and people are told what to set. */
export const isRefused = async (world: World, starts = 1): Promise<void> => {
  await world.told(words.unhealthy, policy.maxAge + slack);
  await world.told(words.whatToSet, policy.secondLook + policy.grace + slack);
  await world.sleep(policy.maxAge);
  world.expect(
    world.starts().length === starts,
    `${world.starts().length} starts of the bot, ${starts} expected`,
  );
  world.notTold(words.proven, 'nothing was started');
};

/** A shell script beside heartbeat.py, as owners have it. */
export const script = (world: World, name: string, lines: readonly string[]): string => {
  world.write(name, ['#!/bin/sh', ...lines, ''].join('\n'), 0o755);
  return `./${name}`;
};

/** A program of that name that is found before the machine's own: it notes its arguments, and does what it is told. */
export const standIn = (
  world: World,
  name: string,
  lines: readonly string[],
): Readonly<Record<string, string>> => {
  world.write(
    `bin/${name}`,
    ['#!/bin/sh', `echo "$0 $*" >>${world.path('calls')}`, ...lines, ''].join('\n'),
    0o755,
  );
  return { PATH: `${world.path('bin')}:/usr/bin:/bin:/usr/sbin:/sbin:${process.env.PATH ?? ''}` };
};

/** Holds the journal as a backup does, until it is ended. */
export const lockJournal = async (world: World) => {
  const holder = world.start([
    'python3',
    '-c',
    'import sqlite3, time; c = sqlite3.connect("logs/sentinel.db", isolation_level=None, timeout=30); c.execute("BEGIN EXCLUSIVE"); print("held", flush=True); time.sleep(600)',
  ]);
  await world.until('the journal is locked', () => holder.said().includes('held'));
  return holder;
};

/** How often a file has got a line. */
export const linesIn = (world: World, file: string): number =>
  world.read(file).split('\n').filter(Boolean).length;
