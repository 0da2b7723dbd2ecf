import { keepersOf, sleepMsOf } from '../../custody/keeper.ts';
import { withDoomed } from '../../custody/memory.ts';
import {
  isAmong,
  type Kin,
  type KnownProcess,
  markOf,
  type Process,
  type Target,
} from '../../custody/process.ts';
import { isShell } from '../../custody/runners.ts';
import type { Processes } from '../ports/processes/index.ts';
import { unmatchedOf } from './earlier-programs.ts';
import { kinOf, knownOf } from './family.ts';
import type { BotHolders } from './holders.ts';
import type { BotMemory } from './memory.ts';
import type { BotProcesses } from './processes.ts';

/** So many processes that a bot has started are remembered. */
export const mostKin = 200;

type Parts = {
  readonly memory: BotMemory;
  readonly seen: BotProcesses;
  readonly holders: BotHolders;
};

/** A group with the monitor in it, or what started it, is signalled one by one. */
const signalGroup = (
  processes: Processes,
  seen: BotProcesses,
  group: number,
  name: 'SIGTERM' | 'SIGKILL',
) => {
  const { ancestors } = seen;
  const members = (seen.kin() ?? []).filter((each) => each.group === group);
  if (!members.some(({ pid }) => ancestors.includes(pid))) processes.signal(-group, name);
  else for (const { pid } of members) if (!ancestors.includes(pid)) processes.signal(pid, name);
};

const sendTo = (
  processes: Processes,
  seen: BotProcesses,
  targets: readonly Target[],
  name: 'SIGTERM' | 'SIGKILL',
) => {
  for (const target of targets) {
    if (target.kind === 'group') signalGroup(processes, seen, target.group, name);
    // Asked again at the last moment: its number may have been given to another program since.
    else if (processes.markOf(target.pid) === target.mark) processes.signal(target.pid, name);
  }
};

/** A wait that is longer is none between two starts, in ms. */
const longestSleepMs = 3_600_000;
/** When the wait is over the bot is started and has to be found: it has this long, in ms. */
const afterSleepMs = 10_000;

/** What has started the bot, and may start it again. */
class Keepers {
  private readonly processes: Processes;
  private readonly parts: Parts;
  private keepers: readonly KnownProcess[] = [];
  /** Until when one of them waits before it goes on, in ms since the machine's start. */
  private sleepsUntil = Number.NEGATIVE_INFINITY;

  constructor(processes: Processes, parts: Parts) {
    this.processes = processes;
    this.parts = parts;
  }

  forget(): void {
    this.keepers = [];
    this.sleepsUntil = Number.NEGATIVE_INFINITY;
  }

  /** These may be ended: what may start them again is to be known when they are gone. */
  note(targets: readonly Target[], kin: readonly Kin[]): void {
    const { seen } = this.parts;
    const group = seen.ownGroup();
    const isOwn = (each: Kin) => each.pid === seen.ancestors[0] || each.group === group;
    const find = (pid: number) => this.find(pid);
    const more = keepersOf(targets, kin, find, isOwn).filter((each) => !isAmong(each, this.keepers));
    if (more.length > 0) this.keepers = [...this.keepers, ...more.map(markOf)].slice(-mostKin);
  }

  /** One of them that lives, and for how long nothing is to be started beside it, in ms; `null`: none lives. */
  living(
    kin: readonly Kin[] | null,
    sinceUp: number,
  ): { readonly pid: number; readonly waitMs: number } | null {
    const alive = this.keepers.filter((each) => this.parts.holders.aliveOf(each) !== false);
    // A script that only stays, or looks around, sleeps again and again: after the first one it has not started the bot.
    if (this.sleepsUntil === Number.NEGATIVE_INFINITY)
      for (const each of alive) this.seeSleep(each, kin ?? [], sinceUp);
    const [first] = alive;
    return first === undefined
      ? null
      : { pid: first.pid, waitMs: Math.max(0, this.sleepsUntil + afterSleepMs - this.processes.uptimeMs()) };
  }

  private find(pid: number): Process | null {
    const found = this.processes.get(pid);
    return typeof found === 'object' ? found : null;
  }

  /** A loop in a shell waits in a `sleep` of its own, which it starts when the bot has ended. */
  private seeSleep({ pid }: KnownProcess, kin: readonly Kin[], sinceUp: number): void {
    if (!isShell(this.find(pid)?.args?.[0] ?? '')) return;
    for (const child of kin.filter((each) => each.parent === pid && each.startedUp > sinceUp)) {
      const ms = sleepMsOf(this.find(child.pid)?.args ?? null);
      if (ms !== null && ms <= longestSleepMs)
        this.sleepsUntil = Math.max(this.sleepsUntil, child.startedUp + ms);
    }
  }
}

/** What the restart command has started outside of its process group. */
const startedOutside = (seen: BotProcesses): readonly KnownProcess[] => {
  const group = seen.ownGroup();
  const kin = seen.kin();
  if (group === null || kin === null) return [];
  const inGroup = new Set(kin.flatMap((each) => (each.group === group ? [each.pid] : [])));
  const all = kinOf([{ kind: 'group', group, startedUp: 0 }], kin, seen.family());
  return knownOf(all).filter(({ pid }) => !inGroup.has(pid));
};

/** Ends what is known to be the bot, and remembers what is to be seen gone before anything is started. */
export class BotEnding {
  readonly keepers: Keepers;
  private readonly processes: Processes;
  private readonly parts: Parts;
  /** What was signalled, and what that had started. */
  private ended: readonly KnownProcess[] = [];

  constructor(processes: Processes, parts: Parts) {
    this.processes = processes;
    this.parts = parts;
    this.keepers = new Keepers(processes, parts);
  }

  signal(targets: readonly Target[], name: 'SIGTERM' | 'SIGKILL'): void {
    this.doom(targets);
    sendTo(this.processes, this.parts.seen, targets, name);
  }

  /** What is started while the bot is being ended is ended too. */
  also(targets: readonly Target[]): void {
    if (this.ended.length > 0) this.doom(targets.filter(({ kind }) => kind === 'process'));
  }

  doomed(): readonly KnownProcess[] {
    return this.ended;
  }

  /** The bot is well: what was ended before is of the past. */
  forget(): void {
    this.ended = [];
    this.keepers.forget();
  }

  /** What lives of the processes that the bot had started when it was last looked at. */
  relics(): readonly Process[] {
    return this.livingOf([...(this.parts.memory.known()?.scan.kin ?? []), ...this.ended]);
  }

  /**
   * What lives of the processes that ran the program of an earlier command while the bot beat, and of those that ran the
   * program of this one and are not found by it any more.
   */
  earlier(): readonly Process[] {
    const { memory, seen } = this.parts;
    const known = memory.known();
    const earlier = this.livingOf(known?.scan.earlier ?? []);
    const programs = this.livingOf(known?.scan.programs ?? []).filter(({ pid }) =>
      earlier.every((each) => each.pid !== pid),
    );
    return [...earlier, ...unmatchedOf(programs, seen.list(), seen.kin() ?? [])];
  }

  startedOutside(): readonly KnownProcess[] {
    return startedOutside(this.parts.seen);
  }

  /** Those of them that live, and are no other bot's. */
  private livingOf(those: readonly KnownProcess[]): readonly Process[] {
    const { seen, holders } = this.parts;
    return [...new Map(those.map((each) => [each.pid, each])).values()].flatMap((each) => {
      if (each.pid === 1 || holders.aliveOf(each) === false) return [];
      const found = this.processes.get(each.pid);
      return typeof found === 'object' && found.mark === each.mark && !seen.isSpared(found) ? [found] : [];
    });
  }

  /** A monitor that ends in the middle of it leaves to the next one what is to be gone. */
  private doom(targets: readonly Target[]): void {
    const { memory, holders } = this.parts;
    const all = new Map([...this.ended, ...knownOf(targets)].map((each) => [each.pid, each]));
    const groups = targets.flatMap((target) => (target.kind === 'group' ? [target.group] : []));
    for (const group of groups) holders.hold(group);
    const isMore = all.size > this.ended.length;
    if (isMore) this.ended = [...all.values()].slice(-mostKin);
    memory.learned((known) => withDoomed(known, isMore ? this.ended : null, groups.at(-1)));
  }
}
