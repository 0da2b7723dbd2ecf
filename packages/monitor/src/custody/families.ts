import type { Kin, KnownProcess } from './process.ts';

/** Each process of a bot, with the first one of its family: both as number and mark. */
export type Families = ReadonlyMap<string, string>;

const keyOf = ({ pid, mark }: KnownProcess): string => `${pid} ${mark}`;

/**
 * A process that was forked by another one, and still runs the same, is one bot with it. A script that has started two is no part of either. What is known of it stays so
 * when that one has ended, as the parent of workers may.
 *
 * @param pids what runs the bot.
 * @param isCopy a process runs the same as its parent, by file and words: it was forked.
 */
export const withFamilies = (
  known: Families,
  pids: readonly number[],
  kin: readonly Kin[],
  isCopy: (pid: number, parent: number) => boolean,
): Families => {
  const living = new Map(kin.map((process) => [process.pid, process]));
  const all = new Set(pids);
  const firstOf = (process: Kin): string => {
    let first = process;
    const passed = new Set([process.pid]);
    let at = living.get(process.parent);
    for (; at !== undefined && !passed.has(at.pid); at = living.get(at.parent)) {
      passed.add(at.pid);
      if (first.parent === at.pid && isCopy(first.pid, at.pid)) first = at;
    }
    return known.get(keyOf(first)) ?? keyOf(first);
  };
  const kept = kin.flatMap((process): (readonly [string, string])[] => {
    const key = keyOf(process);
    const first = known.get(key) ?? (all.has(process.pid) ? firstOf(process) : undefined);
    return first === undefined ? [] : [[key, first]];
  });
  return new Map(kept);
};

/** More than one process, and all of one family. */
export const areOne = (families: Families, processes: readonly KnownProcess[]): boolean => {
  const firsts = new Set(processes.map((process) => families.get(keyOf(process))));
  return processes.length > 1 && firsts.size === 1 && !firsts.has(undefined);
};

/** One process of each family, in their order. */
export const oneOfEach = (
  families: Families,
  processes: readonly KnownProcess[],
): readonly KnownProcess[] => {
  const firsts = processes.map((process) => families.get(keyOf(process)) ?? keyOf(process));
  return processes.filter((_, index) => firsts.indexOf(firsts[index] ?? '') === index);
};
