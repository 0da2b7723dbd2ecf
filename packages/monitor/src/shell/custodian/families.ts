import { areOne, type Families, oneOfEach, withFamilies } from '../../custody/families.ts';
import type { Kin, KnownProcess } from '../../custody/process.ts';
import type { BotHolders } from './holders.ts';
import type { BotMemory } from './memory.ts';
import type { BotProcesses } from './processes.ts';

type Parts = { readonly memory: BotMemory; readonly seen: BotProcesses; readonly holders: BotHolders };

/** Knows which processes of a bot come from one start of it: a parent and its workers are one bot. */
export class BotFamilies {
  private readonly parts: Parts;
  private families: Families = new Map();
  private isOne = false;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** One process of each start. */
  oneOfEach(
    processes: readonly KnownProcess[],
    all: readonly number[],
    kin: readonly Kin[],
  ): readonly KnownProcess[] {
    this.note(all, kin);
    return oneOfEach(this.families, processes);
  }

  /** Another run beats than before. */
  learn(): void {
    this.isOne = this.comesFromOne();
  }

  /** Those whose beats came and that live come from one start. */
  beatAsOne(): boolean {
    return this.isOne;
  }

  private comesFromOne(): boolean {
    const { memory, seen, holders } = this.parts;
    const known = memory.known();
    if (known === null || known.last.known === null || known.others.length === 0) return false;
    const writers = [known.last, ...known.others].map((run) => run.known);
    const living = writers.filter((each) => each === null || holders.aliveOf(each) !== false);
    const those = living.filter((each) => each !== null);
    // Of one that cannot be found nothing says whose it is.
    if (those.length < living.length) return false;
    if (areOne(this.families, those)) return true;
    const kin = seen.kin();
    if (kin === null) return false;
    this.note(
      [...those, ...(seen.list().matches ?? [])].map(({ pid }) => pid),
      kin,
    );
    return areOne(this.families, those);
  }

  private note(pids: readonly number[], kin: readonly Kin[]): void {
    const own = pids.filter((pid) => pid !== 1 && !this.parts.seen.ancestors.includes(pid));
    this.families = withFamilies(this.families, own, kin, (pid, parent) => this.isCopy(pid, parent));
  }

  private isCopy(pid: number, parent: number): boolean {
    const { seen } = this.parts;
    const [own, other] = [seen.get(pid), seen.get(parent)];
    if (typeof own !== 'object' || typeof other !== 'object' || parent === 1) return false;
    const words = own.args?.join('\0') ?? '';
    return own.exe !== null && own.exe === other.exe && words !== '' && words === other.args?.join('\0');
  }
}
