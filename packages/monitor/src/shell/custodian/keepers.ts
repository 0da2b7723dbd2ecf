import {
  isEndless,
  isSupervisor,
  isSystemd,
  keepersOf,
  type LivingKeeper,
  sleepMsOf,
} from '../../custody/keeper.ts';
import { type Keeper, withScan } from '../../custody/memory.ts';
import { isAmong, type Kin, markOf, type Process, type Target } from '../../custody/process.ts';
import { isShell } from '../../custody/runners.ts';
import type { Unit } from '../../custody/unit.ts';
import type { Processes } from '../ports/processes/index.ts';
import type { BotHolders } from './holders.ts';
import type { BotMemory } from './memory.ts';
import type { BotProcesses } from './processes.ts';

type Parts = {
  readonly memory: BotMemory;
  readonly seen: BotProcesses;
  readonly holders: BotHolders;
};

/** So many of them are remembered. */
const mostKeepers = 50;
/** A sleep that is longer is none between two starts, in ms. */
const longestSleepMs = 3_600_000;
/** How long anything else may take that a shell does before it starts the bot again, in ms: an update, say. */
const longestWorkMs = 300_000;
/** What is started with the bot, a `tee` in its pipe say, begins in so many ms. */
const besideMs = 2000;
/** When the wait is over the bot is started and has to be found: it has this long, in ms. */
const afterWaitMs = 10_000;
/** How long a program whose work it is to start others again may wait before it does so, in ms. */
const supervisorWaitMs = 50_000;
/** What systemd has said holds so long: a person may change it at any moment, and to ask starts a program, in ms. */
const unitHoldsMs = 900;
const longUnitHoldsMs = 5000;

/** One of them, at least, runs. */
const isFound = (targets: readonly Target[], kin: readonly Kin[]): boolean =>
  targets.some((target) =>
    target.kind === 'process'
      ? kin.some(({ pid }) => pid === target.pid)
      : kin.some(({ group }) => group === target.group),
  );

/** What a shell has started. `isOrphan`: or what has come to it. */
type Child = {
  readonly begun: number;
  readonly args: readonly string[] | null;
  readonly isOrphan: boolean;
};

/** What has started the bot, and may start it again. */
export class BotKeepers {
  private readonly processes: Processes;
  private readonly parts: Parts;
  /** `null`: nothing was noted by this monitor, and what the one before has noted counts. */
  private noted: readonly Keeper[] | null = null;
  /** Until when one of them waits for a program that it has started, and since when, in ms since the machine's start. */
  private waitsUntil = Number.NEGATIVE_INFINITY;
  private waitsSince: number | null = null;
  /** The same of systemd, and from when on it is asked again. */
  private unitUntil = Number.NEGATIVE_INFINITY;
  private askAgainUp = Number.NEGATIVE_INFINITY;

  constructor(processes: Processes, parts: Parts) {
    this.processes = processes;
    this.parts = parts;
  }

  /**
   * These may be ended: what may start them again is to be known when they are gone.
   *
   * @param beats the bot beats on time. Where it is among the processes too, what was noted before is of the past: by its beats alone
   *   a bot that has just ended is well.
   */
  note(targets: readonly Target[], kin: readonly Kin[], beats: boolean): void {
    const isWell = beats && isFound(targets, kin);
    if (isWell) {
      this.waitsUntil = Number.NEGATIVE_INFINITY;
      this.waitsSince = null;
    }
    const before = this.current();
    const aside = before.filter((each) => each.aside === true);
    const now = this.keepersNow(targets, kin, isWell).map(
      (each): Keeper => (isAmong(each, aside) ? { ...each, aside: true } : each),
    );
    const more = now.filter((each) => !isAmong(each, before));
    const keepers = isWell ? now : [...before, ...more].slice(-mostKeepers);
    this.noted = keepers;
    this.parts.memory.learned((known) => withScan(known, { keepers }));
  }

  /** One of them that lives; `null`: none does. */
  living(kin: readonly Kin[] | null, sinceUp: number): LivingKeeper | null {
    const alive = this.current().filter((each) => this.parts.holders.aliveOf(each) !== false);
    const [first] = alive;
    if (first === undefined) return null;
    this.seeWaits(
      alive.filter(({ aside }) => aside !== true),
      kin ?? [],
      sinceUp,
    );
    const unit = alive.find((each) => each.unit)?.unit ?? null;
    if (unit !== null) this.askUnit(unit);
    const supervisedUntil = alive.some(({ supervises }) => supervises === true)
      ? sinceUp + supervisorWaitMs
      : Number.NEGATIVE_INFINITY;
    const until = Math.max(this.waitsUntil, this.unitUntil, supervisedUntil) + afterWaitMs;
    return {
      pid: first.pid,
      unit: unit?.name ?? null,
      waitMs: Math.max(0, until - this.processes.uptimeMs()),
    };
  }

  private current(): readonly Keeper[] {
    return this.noted ?? this.parts.memory.known()?.scan.keepers ?? [];
  }

  private askUnit(unit: Unit): void {
    const now = this.processes.uptimeMs();
    if (now < this.askAgainUp) return;
    const inMs = this.processes.startsAgainInMs?.(unit) ?? null;
    this.askAgainUp = now + ((inMs ?? 0) > longUnitHoldsMs ? longUnitHoldsMs : unitHoldsMs);
    // A service that has just come up still has to be found.
    this.unitUntil = inMs === null ? Math.min(this.unitUntil, now) : now + inMs;
  }

  private find(pid: number): Process | null {
    const found = this.processes.get(pid);
    return typeof found === 'object' ? found : null;
  }

  /**
   * A shell goes on when what it has started has ended: a `sleep`, an update, anything else. As long as it has such a
   * program, which it did not have while the bot ran, it may start the bot behind that. What lost its parent comes to
   * process 1, which is the shell of many a container: of that a `sleep` alone counts.
   */
  private seeWaits(shells: readonly Keeper[], kin: readonly Kin[], sinceUp: number): void {
    const now = this.processes.uptimeMs();
    const children = shells.flatMap(({ pid }) => this.childrenOf(pid, kin));
    for (const { begun, args, isOrphan } of children) {
      const sleepMs = sleepMsOf(args);
      if (begun <= sinceUp || isEndless(args) || (isOrphan && sleepMs === null)) continue;
      const until = Math.max(now, begun + (sleepMs ?? 0));
      this.waitsSince ??= begun;
      // Whoever goes on waiting for so long stays, and starts nothing.
      const longestMs = sleepMs === null ? longestWorkMs : longestSleepMs;
      if (until - this.waitsSince <= longestMs) this.waitsUntil = Math.max(this.waitsUntil, until);
    }
  }

  /** What a shell has started. */
  private childrenOf(pid: number, kin: readonly Kin[]): readonly Child[] {
    if (!isShell(this.find(pid)?.args?.[0] ?? '')) return [];
    return kin.flatMap(({ pid: child, parent, startedUp }) =>
      parent === pid ? [{ begun: startedUp, args: this.find(child)?.args ?? null, isOrphan: pid === 1 }] : [],
    );
  }

  /** It goes on beside the living bot: what it does next does not wait for the bot's end. */
  private goesOnBeside(pid: number, targets: readonly Target[], kin: readonly Kin[]): boolean {
    const begunUp = Math.max(
      0,
      ...targets.flatMap((each) => (each.kind === 'process' ? [each.startedUp] : [])),
    );
    return this.childrenOf(pid, kin).some(
      ({ begun, args }) => sleepMsOf(args) !== null || begun > begunUp + besideMs,
    );
  }

  private keepersNow(targets: readonly Target[], kin: readonly Kin[], isWell: boolean): readonly Keeper[] {
    const { seen } = this.parts;
    const group = seen.ownGroup();
    const isOwn = (each: Kin) => each.pid === seen.ancestors[0] || each.group === group;
    const [bot] = targets.flatMap((target) => (target.kind === 'process' ? [target.pid] : []));
    return keepersOf(targets, kin, (pid) => this.find(pid), isOwn).map((each) => ({
      ...markOf(each),
      ...(isSystemd(each) && bot !== undefined ? { unit: this.processes.unitOf?.(bot) ?? null } : {}),
      ...(isSupervisor(each) ? { supervises: true } : {}),
      ...(isWell && this.goesOnBeside(each.pid, targets, kin) ? { aside: true } : {}),
    }));
  }
}
