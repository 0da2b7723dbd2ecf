import { botsAmong } from '../../custody/family.ts';
import { type Kin, type KnownProcess, markOf, type Target } from '../../custody/process.ts';
import { knownOf } from './family.ts';

/** Counts the bots among the processes that are known to be the bot. */
export const botCount = () => {
  let bots: readonly KnownProcess[] = [];
  let isSeveral = false;
  /** @param group the living process group of the restart command. */
  const count = (targets: readonly Target[], kin: readonly Kin[], group: number | null) => {
    const pids = knownOf(targets).map(({ pid }) => pid);
    const inGroup = kin.flatMap((each) => (each.group === group ? [each.pid] : []));
    // The shell of the restart command is named only where no process in its group is known to be the bot.
    const isNamed = inGroup.some((pid) => pids.includes(pid));
    // Two of its processes that are known to be the bot are two, as two that were started by hand.
    const found = isNamed ? botsAmong(pids, kin, null) : botsAmong([...pids, ...inGroup], kin, group);
    isSeveral = found.length > 1 && bots.length > 1;
    bots = kin.filter(({ pid }) => found.includes(pid)).map(markOf);
  };

  return {
    count,
    /** More than one was found once: another look decides. */
    isUnsure: () => bots.length > 1 && !isSeveral,
    /** Those that two looks in a row have found and that still live, where they are more than one. */
    several: (isAlive: (process: KnownProcess) => boolean): readonly number[] => {
      const alive = isSeveral ? bots.filter(isAlive) : [];
      return alive.length > 1 ? alive.map(({ pid }) => pid) : [];
    },
  };
};
