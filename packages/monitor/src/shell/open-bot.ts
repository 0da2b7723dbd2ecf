import { type InstanceLock, type Market, readMarketHours } from '@sentinel/heartbeat-core';
import type { Input } from '../core/input.ts';
import { foreignLine, lateLine, movedLine } from '../core/lines.ts';
import { type KeptClock, movedBy } from '../core/moved.ts';
import type { KnownStall } from '../core/stall.ts';
import { supervisionOf } from '../core/supervision.ts';
import type { LastBeat } from '../core/supervisor-state.ts';
import type { Instant } from '../core/track.ts';
import type { Actor, ActorOf } from './actor.ts';
import { BotNotes } from './bot-notes.ts';
import { CustodyReport } from './custody-report.ts';
import type { Left } from './journal/left.ts';
import { Observer, type ObserverParts } from './observer.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';
import { Supervisor, type SupervisorParts } from './supervisor.ts';

/** A lock beside a file keeps other containers out too, and costs memory: so many bots of a monitor have one. */
const mostFileLocks = 32;

/** Everything that watches one bot: a class, so that each of ten thousand bots has its state and no functions of its own. */
export class OpenBot implements ObserverParts, SupervisorParts {
  readonly options: BotOptions;
  readonly shared: Shared;
  readonly market: Market | null;
  readonly stall: KnownStall | null;
  readonly lock: InstanceLock;
  readonly act: Actor;
  readonly observer: Observer;
  readonly report: CustodyReport;
  readonly notes: BotNotes;
  readonly supervisor: Supervisor;
  /** The watch has been told to end: nothing is started or told any more. */
  isEnding = false;
  private readonly look: () => void;

  /**
   * Opens it in the order in which one part needs the other: the lock first, then what the monitor before has left, then
   * who acts, then who decides.
   *
   * @param look asks for a look.
   */
  constructor(options: BotOptions, shared: Shared, actorOf: ActorOf, look: () => void) {
    const { name: bot, file, restart } = options;
    const { files, journal } = shared;
    this.options = options;
    this.shared = shared;
    this.look = look;
    this.market = options.marketHours === null ? null : readMarketHours(options.marketHours);
    const foreign = files.foreign(file);
    if (foreign !== null) shared.log.warn(foreignLine(foreign), { bot });
    const isOneOfMany = shared.claims.size >= mostFileLocks;
    const claimOnly = foreign !== null || (isOneOfMany && 'where-possible');
    this.lock = files.lock(file, { claimOnly, late: true });
    const left = journal.load(bot, file, (late) => this.takeLate(late));
    const movedLog = movedLine(bot, file, left);
    if (movedLog !== null) this.log(movedLog);
    // Only now: what is known of its processes may have been of another file.
    this.act = actorOf(options, shared, { mayWrite: foreign === null, onExit: () => this.takeExit() });
    this.stall = journal.stall(bot);
    this.observer = new Observer(options, this, this.moment());
    this.report = new CustodyReport(this);
    this.notes = new BotNotes(options, shared);
    const policy = shared.silent === true ? { ...restart, silent: true } : restart;
    this.supervisor = new Supervisor(this, policy, this.startOf(left, false));
    this.act.tellOwed();
  }

  log(line: string): void {
    this.shared.log.info(line, { bot: this.options.name });
  }

  moment(): Instant {
    const { clock } = this.shared;
    return { now: clock.now(), wall: clock.wall() };
  }

  clockAt({ now, wall }: Instant): Required<KeptClock> {
    const { life, processes } = this.shared;
    const boot = processes.machine()?.boot ?? null;
    return { of: life, drift: wall - now, at: now, up: processes.uptimeMs(), boot };
  }

  /** Writes down for others how the bot is supervised. */
  onStep(at: Instant): void {
    const { market, options } = this;
    const closure = market === null ? null : market.lastClosure(at.wall);
    const { offMs } = this.observer.track();
    const state = this.supervisor.state();
    this.act.supervised(
      supervisionOf(this.shared.id, state, at.now, options, closure, this.report.words(), offMs),
    );
  }

  onFault(what: string): void {
    const { name: bot } = this.options;
    this.shared.log.error(`A check of this program failed, please report it: ${what}`, { bot });
    this.shared.journal.checkFailed(bot, what, this.shared.clock.wall());
  }

  hasTurn(): boolean {
    return this.shared.turns.take(this.options.name, this.look);
  }

  lastBeat(): LastBeat | null {
    return this.supervisor.state().lastBeat;
  }

  /** A clock behind is seen anew: it was of the monitor before, which watches no longer. */
  offMs(): number | null {
    return this.shared.journal.ahead(this.options.name);
  }

  private startOf({ state: kept, lost }: Left, late: boolean): Input {
    const asParent = this.options.supervise === true;
    const by = movedBy(kept, this.clockAt(this.moment()));
    const { name: bot } = this.options;
    return { kind: 'start', bot, kept: this.act.kept(kept), movedBy: by, lost, late, asParent };
  }

  private takeLate(late: Left): void {
    const { name: bot, file } = this.options;
    this.log(lateLine(bot, file, late));
    this.report.forget();
    this.supervisor.take(this.startOf(late, true));
    this.act.tellOwed();
    this.observer.reload();
    this.look();
  }

  private takeExit(): void {
    if (this.supervisor.take({ kind: 'command-ended' }) !== null) this.look();
  }
}
