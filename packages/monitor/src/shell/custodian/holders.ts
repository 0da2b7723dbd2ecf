import type { GroupFacts, ProgramFacts } from '../../custody/custody.ts';
import { type CommandRole, type HolderWatch, isBotItself, isHeld, seeHolder } from '../../custody/holder.ts';
import { seenHere, withGroup, withPrograms } from '../../custody/memory.ts';
import { whereaboutsOf } from '../../custody/origin.ts';
import { isAmong, type KnownProcess, markOf, type Process } from '../../custody/process.ts';
import { isWrapper } from '../../custody/program.ts';
import type { BotMemory } from './memory.ts';
import type { CustodianOptions } from './port.ts';
import type { BotProcesses } from './processes.ts';

/**
 * Where a bot that names no process runs: in the group of the restart command, or in processes that run its program. What
 * became of these says what became of the bot, as long as it has not outlived them.
 */
export class BotHolders {
  private readonly options: CustodianOptions;
  private readonly memory: BotMemory;
  private readonly seen: BotProcesses;
  private groupWatch: HolderWatch | null = null;
  private programWatch: HolderWatch | null = null;
  /** Shells that run the program as a script: they count once the bot has beaten again while they live. */
  private wrappers: { readonly known: readonly KnownProcess[]; readonly mtimeMs: number | null } | null =
    null;

  constructor(options: CustodianOptions, memory: BotMemory, seen: BotProcesses) {
    this.options = options;
    this.memory = memory;
    this.seen = seen;
  }

  /** `null`: that is not known. */
  aliveOf({ pid, mark }: KnownProcess): boolean | null {
    const found = this.options.processes.markOf(pid);
    return found === 'unknown' ? null : found === mark;
  }

  /** The group of the restart command: what became of it. `beats`: the file shows a beat now. */
  group(beats = false): GroupFacts {
    const { memory } = this;
    const last = this.seen.lastGroup();
    if (typeof last !== 'object') return last;
    const known = memory.known();
    if (this.isElsewhere(last)) return known === null ? 'elsewhere' : 'none';
    const { kind: shape } = this.seen.program.shape;
    // `systemctl restart` is never the bot: a bot that beats while it hangs is the one before, or runs elsewhere.
    if (shape === 'ends-bot') return known === null ? last : { ...last, held: false };
    const { supervise, processes, graceMs } = this.options;
    const role: CommandRole = { isParent: supervise, isProgram: shape === 'script' || shape === 'module' };
    const before = { ...last, name: String(last.group), held: known?.heldGroup === last.group };
    const now = processes.uptimeMs();
    // Also before the first beat: what is written after the end of the group comes from elsewhere.
    const watch = seeHolder(
      this.groupWatch,
      before,
      beats ? memory.look().beat : null,
      now,
      isBotItself(role),
    );
    this.groupWatch = watch;
    if (known === null) return last;
    const held = isHeld(last, watch, { role, graceMs, now });
    memory.learned((memory) => {
      // The bot beats in what was started here: where it was seen before does not matter.
      const here = held && last.alive ? seenHere(memory) : memory;
      return held || before.held ? withGroup(here, held ? last.group : null) : here;
    });
    return { ...last, held };
  }

  /** What was ended as the bot was the bot. */
  hold(ended: number): void {
    if (this.groupWatch?.name === String(ended)) this.groupWatch = { ...this.groupWatch, held: true };
  }

  /** The processes that ran the program while the bot beat: what became of them. `beats`: the file shows a beat now. */
  programs(beats = false): ProgramFacts['seen'] {
    const { memory } = this;
    const known = memory.known();
    const current = known?.scan.programs ?? [];
    const those = current.length > 0 ? current : (known?.scan.earlier ?? []);
    const seen = those.map((each) => ({ known: each, alive: this.aliveOf(each) }));
    if (seen.length === 0) return seen;
    const holder = {
      name: JSON.stringify(those),
      alive: seen.some(({ alive }) => alive !== false),
      startedUp: 0,
      held: true,
    };
    const now = this.options.processes.uptimeMs();
    const watch = seeHolder(this.programWatch, holder, beats ? memory.look().beat : null, now, false);
    this.programWatch = watch;
    return watch.outlived ? [] : seen;
  }

  learn(): void {
    this.group(true);
    this.learnWrappers();
    this.programs(true);
  }

  /** Those of the processes that were found that count as the bot by now; a new shell has to wait for a beat. */
  countable(matches: readonly Process[]): readonly KnownProcess[] {
    const known = this.memory.known()?.scan.programs ?? null;
    const fresh = matches.filter((each) => isWrapper(each) && !isAmong(each, known));
    this.wrappers =
      fresh.length === 0
        ? null
        : { known: fresh.map(markOf), mtimeMs: this.memory.look().beat?.mtimeMs ?? null };
    return matches.filter((each) => !fresh.includes(each)).map(markOf);
  }

  /** A shell that waits for the first beat of a bot that it has put elsewhere is not the bot. */
  private learnWrappers(): void {
    const { memory, wrappers } = this;
    if (wrappers === null || memory.known() === null) return;
    const { mtimeMs } = memory.look().beat ?? { mtimeMs: null };
    if (mtimeMs === null || mtimeMs === wrappers.mtimeMs) return;
    const alive = wrappers.known.filter((each) => this.aliveOf(each) === true);
    this.wrappers = null;
    memory.learned((now) => withPrograms(now, alive));
  }

  /** A group of another machine is not gone since it is not found here. Where the bot has beaten the memory of it says so. */
  private isElsewhere({ origin }: Exclude<GroupFacts, string>): boolean {
    const { processes, isSuccessor } = this.options;
    return (
      origin !== null &&
      origin !== undefined &&
      whereaboutsOf(origin, processes.origin(), this.memory.look().sight.fileUp, isSuccessor) === 'elsewhere'
    );
  }
}
