import { uptime } from 'node:os';
import type { Process } from '../../../custody/process.ts';
import { originHere } from '../process-table.ts';
import { ancestorsOf, briefly, sendSignal } from './common.ts';
import type { Processes } from './processes.ts';

/** How a system without /proc is asked for its processes; `null`: it did not answer. */
type Listing = {
  readonly all: () => readonly Process[] | null;
  /** Those with this number, and maybe others. */
  readonly only: (pid: number) => readonly Process[] | null;
  /** Whether a list of all has every process, with its words. */
  readonly isComplete: (rows: readonly Process[]) => boolean;
};

/** The processes of such a system. It does not tell where a number counts. */
export const listedProcesses = ({ all: ask, only, isComplete }: Listing): Processes => {
  const all = briefly(ask);
  const get = (pid: number): Process | 'none' | 'unknown' => {
    const rows = only(pid);
    return rows === null ? 'unknown' : (rows.find((row) => row.pid === pid) ?? 'none');
  };
  return {
    origin: originHere,
    machine: () => null,
    uptimeMs: () => uptime() * 1000,
    get,
    markOf: (pid) => {
      const found = get(pid);
      return typeof found === 'object' ? found.mark : found;
    },
    list: (filter) => {
      const rows = all();
      return rows === null
        ? 'unknown'
        : {
            rows: rows.filter(({ args }) => args !== null && filter(args)),
            complete: isComplete(rows),
          };
    },
    kin: () => all()?.map((row) => ({ ...row, session: null })) ?? 'unknown',
    hasNamesake: () => null,
    ancestors: () =>
      ancestorsOf(process.pid, (pid) => {
        const found = get(pid);
        return typeof found === 'object' ? found.parent : null;
      }),
    signal: sendSignal,
  };
};
