import { familyOf } from '../../custody/family.ts';
import { writesBy } from '../../custody/place.ts';
import type { Kin, KnownProcess, Process, Target } from '../../custody/process.ts';
import type { Program } from '../../custody/program.ts';
import type { Processes } from '../ports/processes/index.ts';

export type FamilyOf = {
  readonly processes: Processes;
  readonly program: Program;
  /** The user who writes the status file; `null`: not known. */
  readonly owner: number | null;
  /** Never signalled: the monitor, what started it, another bot. */
  readonly isSpared: (process: Pick<Process, 'pid' | 'group' | 'mark'>) => boolean;
};

/** The processes that a target names, and those of its group. */
const rootsOf = (targets: readonly Target[], kin: readonly Kin[]): readonly number[] =>
  targets.flatMap((target) =>
    target.kind === 'process'
      ? [target.pid]
      : kin.flatMap(({ pid, group }) => (group === target.group ? [pid] : [])),
  );

/** What these have started, and may be signalled: a process of another user, or of another bot, is left alone. */
export const kinOf = (
  targets: readonly Target[],
  kin: readonly Kin[],
  { processes, program, owner, isSpared }: FamilyOf,
): readonly Target[] => {
  const roots = rootsOf(targets, kin);
  const known = (pid: number): Process | null => {
    const found = processes.get(pid);
    return typeof found === 'object' ? found : null;
  };
  let users: ReadonlySet<number | null> | undefined;
  const family = familyOf(roots, kin, (process) => process.pid === 1 || isSpared(process));
  return family.flatMap(({ pid, mark, startedUp }): Target[] => {
    const process = known(pid);
    if (process === null || process.mark !== mark) return [];
    users ??= new Set([owner, null, ...roots.map((root) => known(root)?.uid ?? null)]);
    if (!users.has(process.uid) || writesBy(process, program) === 'another') return [];
    return [{ kind: 'process', pid, mark, startedUp, isKin: true }];
  });
};

/** The single processes among them, as they are known again. */
export const knownOf = (targets: readonly Target[]): readonly KnownProcess[] =>
  targets.flatMap((target) => (target.kind === 'process' ? [{ pid: target.pid, mark: target.mark }] : []));
