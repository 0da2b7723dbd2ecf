import { botsAmong } from '../../custody/family.ts';
import { type Kin, type KnownProcess, markOf, type Target } from '../../custody/process.ts';
import type { BotFamilies } from './families.ts';
import { knownOf } from './family.ts';

/** Counts the bots among the processes that are known to be the bot. */
export class BotCount {
  private bots: readonly KnownProcess[] = [];
  private isSeveral = false;

  /** @param group the living process group of the restart command. */
  count(
    targets: readonly Target[],
    kin: readonly Kin[],
    group: number | null,
    families: Pick<BotFamilies, 'oneOfEach'>,
  ): void {
    const pids = knownOf(targets).map(({ pid }) => pid);
    const inGroup = kin.flatMap((each) => (each.group === group ? [each.pid] : []));
    // The shell of the restart command is named only where no process in its group is known to be the bot.
    const isNamed = inGroup.some((pid) => pids.includes(pid));
    // Two of its processes that are known to be the bot are two, as two that were started by hand.
    const found = isNamed ? botsAmong(pids, kin, null) : botsAmong([...pids, ...inGroup], kin, group);
    const firsts = kin.filter(({ pid }) => found.includes(pid)).map(markOf);
    // The parent of workers may have ended.
    const bots = families.oneOfEach(firsts, [...pids, ...found], kin);
    this.isSeveral = bots.length > 1 && this.bots.length > 1;
    this.bots = bots;
  }

  /** More than one was found once: another look decides. */
  isUnsure(): boolean {
    return this.bots.length > 1 && !this.isSeveral;
  }

  /** Those that two looks in a row have found and that still live, where they are more than one. */
  several(isAlive: (process: KnownProcess) => boolean): readonly number[] {
    const alive = this.isSeveral ? this.bots.filter(isAlive) : [];
    return alive.length > 1 ? alive.map(({ pid }) => pid) : [];
  }
}
