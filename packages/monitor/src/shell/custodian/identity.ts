import { descendsFrom, parentsOf } from '../../custody/family.ts';
import { findingOf, type WriterFacts } from '../../custody/finding.ts';
import type { Run } from '../../custody/memory.ts';
import { type KnownProcess, machineOf, type Process } from '../../custody/process.ts';
import { type Fit, fitsProgram } from '../../custody/program.ts';
import type { BotMemory } from './memory.ts';
import type { CustodianOptions } from './port.ts';
import type { BotProcesses } from './processes.ts';

/** What was found of a process that is in doubt holds for so long, in ms. */
const askedForMs = 5000;

/** The processes that the beats name: what the system says of each. */
export class BotIdentity {
  private readonly options: CustodianOptions;
  private readonly seen: BotProcesses;
  private readonly memory: BotMemory;
  /** Asked anew only after a while: a process that is in doubt is looked at with each beat. */
  private asked: { readonly key: string; readonly untilUp: number; readonly fit: Fit } | null = null;
  /** As it was found while that process lived: nobody tells the group of one that is gone. */
  private front: (KnownProcess & { readonly is: boolean }) | null = null;

  constructor(options: CustodianOptions, seen: BotProcesses, memory: BotMemory) {
    this.options = options;
    this.seen = seen;
    this.memory = memory;
  }

  factsOf(writer: Run, isLast: boolean): readonly WriterFacts[] {
    const { processes } = this.options;
    const { machine } = this.seen;
    const { pid, host, boot } = writer.record;
    if (pid === undefined) return [];
    const found = processes.get(pid);
    const where = machineOf(boot);
    const isProven =
      where !== null && where.boot === machine?.boot && where.namespace === (machine?.namespace ?? null);
    const fits = typeof found === 'object' ? this.fitLately(found, isProven, writer.again) : 'yes';
    const namesake = fits === 'shows-itself' ? processes.hasNamesake(pid) : false;
    const { unplaced, sight } = writer;
    return [
      { isLast, pid, host, machine: where, known: writer.known, unplaced, sight, found, fits, namesake },
    ];
  }

  writers(): readonly WriterFacts[] {
    const memory = this.memory.known();
    return memory === null
      ? []
      : [...this.factsOf(memory.last, true), ...memory.others.flatMap((other) => this.factsOf(other, false))];
  }

  identify(writer: Run): KnownProcess | null {
    const [facts] = this.factsOf(writer, true);
    if (facts === undefined) return null;
    const finding = findingOf(facts, this.seen.viewpoint());
    return 'target' in finding && finding.target.kind === 'process'
      ? { pid: finding.target.pid, mark: finding.target.mark }
      : null;
  }

  /** The process that a beat names has ended, as far as it is known from here. */
  isGone(writer: Run): boolean {
    return this.factsOf(writer, true).some((facts) => 'gone' in findingOf(facts, this.seen.viewpoint()));
  }

  /**
   * The process behind the last beat is what the restart command runs, or its child; `null`: that is not known. To be asked
   * with each look: of a process that is gone nobody tells it any more.
   *
   * @param isOver the restart command has ended.
   */
  isInFront(isOver: boolean): boolean | null {
    const { front } = this;
    const last = this.memory.known()?.last.known ?? null;
    if (last === null) return null;
    const isKnown = front?.pid === last.pid && front.mark === last.mark;
    // What has outlived the command was not in front of it, whatever its group is.
    if (front !== null && isKnown && !(front.is && isOver)) return front.is;
    const found = this.lastProcess();
    const group = this.seen.lastGroup();
    if (found === null || typeof group !== 'object') return isKnown ? (front?.is ?? null) : null;
    const isOfGroup = found.group === group.group || found.parent === group.group;
    this.front = { ...last, is: isOfGroup && !isOver };
    return this.front.is;
  }

  /** For how long the process behind the last beat has run; `null`: that is not known. */
  runsForMs(): number | null {
    const found = this.lastProcess();
    return found === null ? null : Math.max(0, this.options.processes.uptimeMs() - found.startedUp);
  }

  /** The process behind the last beat, where it was looked at and lives. */
  private lastProcess(): Process | null {
    const last = this.memory.known()?.last.known ?? null;
    const found = last === null ? 'none' : this.options.processes.get(last.pid);
    return typeof found === 'object' && found.mark === last?.mark ? found : null;
  }

  private fitLately(found: Process, isProven: boolean, isSure: boolean): Fit {
    const key = `${found.pid} ${found.mark} ${isProven} ${isSure}`;
    const now = this.options.processes.uptimeMs();
    if (this.asked?.key !== key || now > this.asked.untilUp)
      this.asked = { key, untilUp: now + askedForMs, fit: this.fitOf(found, isProven, isSure) };
    return this.asked.fit;
  }

  /** Whether a process that a beat names can be the bot: by itself, or since the bot's program has started it. */
  private fitOf(found: Process, isProven: boolean, isSure: boolean): Fit {
    const { seen } = this;
    const fits = fitsProgram(found, seen.program, isProven, isSure);
    if (fits === 'yes' || fits === 'a-kernel-thread') return fits;
    const kin = seen.kin();
    if (kin === null) return fits;
    const group = seen.ownGroup();
    const roots = [
      ...(seen.list().matches ?? []).map(({ pid }) => pid),
      ...(group === null ? [] : kin.filter((each) => each.group === group).map(({ pid }) => pid)),
    ].filter((pid) => pid !== 1 && !seen.ancestors.includes(pid));
    return descendsFrom(found.pid, new Set(roots), parentsOf(kin)) ? 'yes' : fits;
  }
}
