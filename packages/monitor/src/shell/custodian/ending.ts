import { withDoomed } from '../../custody/memory.ts';
import type { KnownProcess, Process, Target } from '../../custody/process.ts';
import type { Processes } from '../ports/processes/index.ts';
import { unmatchedOf } from './earlier-programs.ts';
import { kinOf, knownOf } from './family.ts';
import type { BotHolders } from './holders.ts';
import { BotKeepers } from './keepers.ts';
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
  readonly keepers: BotKeepers;
  private readonly processes: Processes;
  private readonly parts: Parts;
  /** What was signalled, and what that had started. */
  private ended: readonly KnownProcess[] = [];

  constructor(processes: Processes, parts: Parts) {
    this.processes = processes;
    this.parts = parts;
    this.keepers = new BotKeepers(processes, parts);
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

  /** What the restart command has started outside of its process group. */
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
