import type { CommandShape } from '../../custody/command-shape.ts';
import type { GroupFacts, ProgramFacts } from '../../custody/custody.ts';
import { type CommandRole, type HolderWatch, isBotItself, isHeld, seeHolder } from '../../custody/holder.ts';
import { seenHere, withGroup, withPrograms } from '../../custody/memory.ts';
import { whereaboutsOf } from '../../custody/origin.ts';
import { isAmong, type KnownProcess, markOf, type Process } from '../../custody/process.ts';
import { isWrapper } from '../../custody/program.ts';
import type { BotMemory } from './memory.ts';
import type { CustodianOptions } from './port.ts';

type AliveOf = (process: KnownProcess) => boolean | null;

/** The group of the restart command: what became of it. */
const groupHolder = (
  { processes, graceMs, supervise, isSuccessor }: CustodianOptions,
  memory: BotMemory,
  lastGroup: () => GroupFacts,
  { kind: shape }: CommandShape,
) => {
  const role: CommandRole = { isParent: supervise, isProgram: shape === 'script' || shape === 'module' };
  let watch: HolderWatch | null = null;

  /** A group of another machine is not gone since it is not found here. Where the bot has beaten the memory of it says so. */
  const isElsewhere = ({ origin }: Exclude<GroupFacts, string>): boolean =>
    origin !== null &&
    origin !== undefined &&
    whereaboutsOf(origin, processes.origin(), memory.look().sight.fileUp, isSuccessor) === 'elsewhere';

  return {
    /** @param beats the file shows a beat now. */
    look: (beats = false): GroupFacts => {
      const last = lastGroup();
      if (typeof last !== 'object') return last;
      const known = memory.known();
      if (isElsewhere(last)) return known === null ? 'elsewhere' : 'none';
      // `systemctl restart` is never the bot: a bot that beats while it hangs is the one before, or runs elsewhere.
      if (shape === 'ends-bot') return known === null ? last : { ...last, held: false };
      const before = { ...last, name: String(last.group), held: known?.heldGroup === last.group };
      const now = processes.uptimeMs();
      // Also before the first beat: what is written after the end of the group comes from elsewhere.
      watch = seeHolder(watch, before, beats ? memory.look().beat : null, now, isBotItself(role));
      if (known === null) return last;
      const held = isHeld(last, watch, { role, graceMs, now });
      memory.learned((memory) => {
        // The bot beats in what was started here: where it was seen before does not matter.
        const here = held && last.alive ? seenHere(memory) : memory;
        return held || before.held ? withGroup(here, held ? last.group : null) : here;
      });
      return { ...last, held };
    },
    /** What was ended as the bot was the bot. */
    hold: (ended: number) => {
      if (watch?.name === String(ended)) watch = { ...watch, held: true };
    },
  };
};

/** The processes that ran the program while the bot beat: what became of them. */
const programHolder = ({ processes }: CustodianOptions, memory: BotMemory, aliveOf: AliveOf) => {
  let watch: HolderWatch | null = null;
  /** @param beats the file shows a beat now. */
  return (beats = false): ProgramFacts['seen'] => {
    const known = memory.known();
    const current = known?.scan.programs ?? [];
    const those = current.length > 0 ? current : (known?.scan.earlier ?? []);
    const seen = those.map((each) => ({ known: each, alive: aliveOf(each) }));
    if (seen.length === 0) return seen;
    const holder = {
      name: JSON.stringify(those),
      alive: seen.some(({ alive }) => alive !== false),
      startedUp: 0,
      held: true,
    };
    watch = seeHolder(watch, holder, beats ? memory.look().beat : null, processes.uptimeMs(), false);
    return watch.outlived ? [] : seen;
  };
};

/** Shells that run the program as a script: they count once the bot has beaten again while they live. */
const wrapperWatch = (memory: BotMemory, aliveOf: AliveOf) => {
  let wrappers: { readonly known: readonly KnownProcess[]; readonly mtimeMs: number | null } | null = null;
  return {
    /** A shell that waits for the first beat of a bot that it has put elsewhere is not the bot. */
    learn: () => {
      if (wrappers === null || memory.known() === null) return;
      const { mtimeMs } = memory.look().beat ?? { mtimeMs: null };
      if (mtimeMs === null || mtimeMs === wrappers.mtimeMs) return;
      const alive = wrappers.known.filter((each) => aliveOf(each) === true);
      wrappers = null;
      memory.learned((now) => withPrograms(now, alive));
    },
    /** Those of the processes that were found that count as the bot by now; a new shell has to wait for a beat. */
    countable: (matches: readonly Process[]): readonly KnownProcess[] => {
      const known = memory.known()?.scan.programs ?? null;
      const fresh = matches.filter((each) => isWrapper(each) && !isAmong(each, known));
      wrappers =
        fresh.length === 0
          ? null
          : { known: fresh.map(markOf), mtimeMs: memory.look().beat?.mtimeMs ?? null };
      return matches.filter((each) => !fresh.includes(each)).map(markOf);
    },
  };
};

/**
 * Where a bot that names no process runs: in the group of the restart command, or in processes that run its program. What
 * became of these says what became of the bot, as long as it has not outlived them.
 */
export const botHolders = (
  options: CustodianOptions,
  memory: BotMemory,
  lastGroup: () => GroupFacts,
  shape: CommandShape,
) => {
  const aliveOf: AliveOf = ({ pid, mark }) => {
    const found = options.processes.markOf(pid);
    return found === 'unknown' ? null : found === mark;
  };
  const group = groupHolder(options, memory, lastGroup, shape);
  const programs = programHolder(options, memory, aliveOf);
  const wrappers = wrapperWatch(memory, aliveOf);
  return {
    aliveOf,
    group: () => group.look(),
    programs: () => programs(),
    /** Takes in a beat. */
    learn: () => {
      group.look(true);
      wrappers.learn();
      programs(true);
    },
    countable: wrappers.countable,
    hold: group.hold,
  };
};
export type BotHolders = ReturnType<typeof botHolders>;
