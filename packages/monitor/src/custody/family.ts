import type { Kin } from './process.ts';

/** Whether a process is one of these, or was started by one of them, as far as the chain of parents still tells. */
export const descendsFrom = (
  pid: number,
  roots: ReadonlySet<number>,
  parents: ReadonlyMap<number, number>,
): boolean => {
  const passed = new Set<number>();
  for (let at: number | undefined = pid; at !== undefined && !passed.has(at); at = parents.get(at)) {
    if (roots.has(at)) return true;
    passed.add(at);
  }
  return false;
};

export const parentsOf = (kin: readonly Kin[]): ReadonlyMap<number, number> =>
  new Map(kin.map(({ pid, parent }) => [pid, parent]));

/**
 * The processes that belong to these: what they have started, and what is in a process group or a session that one of
 * them leads. Whoever ends a wrapper and leaves the bot that it started ends nothing.
 *
 * @param isSpared never part of it, nor what it has started: the monitor, process 1, another bot.
 */
export const familyOf = (
  roots: readonly number[],
  kin: readonly Kin[],
  isSpared: (process: Kin) => boolean,
): readonly Kin[] => {
  const family = new Set(roots);
  // Whether a process is spared is asked of every other bot: so it is asked of those that would be part of it only.
  const spared = new Set<number>();
  const belongs = ({ parent, group, session }: Kin) =>
    family.has(parent) || family.has(group) || (session !== null && family.has(session));
  let size: number;
  do {
    size = family.size;
    for (const process of kin) {
      const { pid } = process;
      if (family.has(pid) || spared.has(pid) || !belongs(process)) continue;
      (isSpared(process) ? spared : family).add(pid);
    }
  } while (family.size > size);
  const named = new Set(roots);
  return kin.filter(({ pid }) => family.has(pid) && !named.has(pid));
};

/**
 * How many bots these processes are, by the first process of each: one that another of them has started is no bot of its
 * own, and neither is a second member of the group in which the restart command was run.
 *
 * @param group the process group of the restart command; `null`: there is none.
 */
export const botsAmong = (
  pids: readonly number[],
  kin: readonly Kin[],
  group: number | null,
): readonly number[] => {
  const parents = parentsOf(kin);
  const all = new Set(pids);
  const living = new Map(kin.map((process) => [process.pid, process]));
  const first = [...all].filter((pid) => {
    const process = living.get(pid);
    return process !== undefined && !descendsFrom(process.parent, all, parents);
  });
  const inGroup = first.filter((pid) => group !== null && living.get(pid)?.group === group);
  return first.filter((pid) => !inGroup.includes(pid) || pid === inGroup[0]);
};
