import type { GroupFacts, ProgramFacts } from '../../custody/custody.ts';
import { type HolderWatch, isOverdue, seeHolder } from '../../custody/holder.ts';
import { seenHere, withGroup, withPrograms } from '../../custody/memory.ts';
import { whereaboutsOf } from '../../custody/origin.ts';
import { isAmong, type KnownProcess, markOf, type Process } from '../../custody/process.ts';
import { isWrapper } from '../../custody/program.ts';
import type { BotMemory } from './memory.ts';
import type { CustodianOptions } from './port.ts';

/**
 * Where a bot that names no process runs: in the group of the restart command, or in processes that run its program. What
 * became of these says what became of the bot, as long as it has not outlived them.
 */
export const botHolders = (
  { processes, graceMs, supervise, isSuccessor }: CustodianOptions,
  memory: BotMemory,
  lastGroup: () => GroupFacts,
) => {
  let groupWatch: HolderWatch | null = null;
  let programWatch: HolderWatch | null = null;
  /** Shells that run the program as a script: they count once the bot has beaten again while they live. */
  let wrappers: { readonly known: readonly KnownProcess[]; readonly mtimeMs: number | null } | null = null;

  const aliveOf = ({ pid, mark }: KnownProcess): boolean | null => {
    const found = processes.markOf(pid);
    return found === 'unknown' ? null : found === mark;
  };

  const isHeld = (group: Exclude<GroupFacts, string>, watch: HolderWatch): boolean => {
    const { held, goneUp, outlived } = watch;
    if (goneUp === null) return held;
    // The command is the bot: when it has failed, and nothing has beaten since, the bot is gone.
    if (supervise) return held || (group.end === 'failed' && !outlived);
    // A script that has started a bot elsewhere, and has seen it beat, ends well, and soon.
    const mayBeStarter = group.end === 'well' && goneUp - group.startedUp < graceMs;
    return held && (!mayBeStarter || isOverdue(watch, processes.uptimeMs()));
  };

  /** A group of another machine is not gone since it is not found here. Where the bot has beaten the memory of it says so. */
  const isElsewhere = ({ origin }: Exclude<GroupFacts, string>): boolean =>
    origin !== null &&
    origin !== undefined &&
    whereaboutsOf(origin, processes.origin(), memory.look().sight.fileUp, isSuccessor) === 'elsewhere';

  /** @param beats the file shows a beat now. */
  const group = (beats = false): GroupFacts => {
    const last = lastGroup();
    if (typeof last !== 'object') return last;
    const known = memory.known();
    if (isElsewhere(last)) return known === null ? 'elsewhere' : 'none';
    if (known === null) return last;
    const before = { ...last, name: String(last.group), held: known.heldGroup === last.group };
    const beat = beats ? memory.look().beat : null;
    groupWatch = seeHolder(groupWatch, before, beat, processes.uptimeMs(), supervise);
    const held = isHeld(last, groupWatch);
    // The bot beats in what was started here: where it was seen before does not matter.
    memory.learned((now) => {
      const here = held && last.alive ? seenHere(now) : now;
      return held || before.held ? withGroup(here, held ? last.group : null) : here;
    });
    return { ...last, held };
  };

  /** @param beats the file shows a beat now. */
  const programs = (beats = false): ProgramFacts['seen'] => {
    const known = memory.known();
    const current = known?.programs ?? [];
    const those = current.length > 0 ? current : (known?.earlier ?? []);
    const seen = those.map((each) => ({ known: each, alive: aliveOf(each) }));
    if (seen.length === 0) return seen;
    const holder = {
      name: JSON.stringify(those),
      alive: seen.some(({ alive }) => alive !== false),
      startedUp: 0,
      held: true,
    };
    programWatch = seeHolder(
      programWatch,
      holder,
      beats ? memory.look().beat : null,
      processes.uptimeMs(),
      false,
    );
    return programWatch.outlived ? [] : seen;
  };

  /** A shell that waits for the first beat of a bot that it has put elsewhere is not the bot. */
  const learnWrappers = () => {
    const known = memory.known();
    if (wrappers === null || known === null) return;
    const { mtimeMs } = memory.look().beat ?? { mtimeMs: null };
    if (mtimeMs === null || mtimeMs === wrappers.mtimeMs) return;
    const alive = wrappers.known.filter((each) => aliveOf(each) === true);
    wrappers = null;
    memory.learned((now) => withPrograms(now, alive));
  };

  return {
    aliveOf,
    group,
    programs,
    /** Takes in a beat. */
    learn: () => {
      group(true);
      learnWrappers();
      programs(true);
    },
    /** Those of the processes that were found that count as the bot by now; a new shell has to wait for a beat. */
    countable: (matches: readonly Process[]): readonly KnownProcess[] => {
      const known = memory.known()?.programs ?? null;
      const fresh = matches.filter((each) => isWrapper(each) && !isAmong(each, known));
      wrappers =
        fresh.length === 0
          ? null
          : { known: fresh.map(markOf), mtimeMs: memory.look().beat?.mtimeMs ?? null };
      return matches.filter((each) => !fresh.includes(each)).map(markOf);
    },
    /** What was ended as the bot was the bot. */
    hold: (ended: number) => {
      if (groupWatch?.name === String(ended)) groupWatch = { ...groupWatch, held: true };
    },
  };
};
export type BotHolders = ReturnType<typeof botHolders>;
