import type { Origin } from '../../../custody/origin.ts';
import type { FoundProcess, Kin, Machine, ProcessTable } from '../../../custody/process.ts';
import type { Unit } from '../../../custody/unit.ts';

/** What a system tells of its processes, and the signals that it takes. The monitor asks nothing else. */
export type Processes = {
  /** `null`: this system does not say; then pids are compared by host name only. */
  readonly machine: () => Machine | null;
  /** Where this process runs: what is remembered of other processes counts there. */
  readonly origin: () => Origin;
  /** ms since the machine's start, on a clock that nobody can set. */
  readonly uptimeMs: () => number;
  readonly get: (pid: number) => FoundProcess;
  /** The mark of a process that lives: all that an idle look asks. */
  readonly markOf: (pid: number) => number | 'none' | 'unknown';
  /** Every process whose arguments pass the filter; `null`: this system cannot list them; `unknown`: not at this moment. */
  readonly list: (filter: (args: readonly string[]) => boolean) => ProcessTable | 'unknown' | null;
  /** Every process that lives, by who started it; `null` and `unknown` as above. */
  readonly kin: () => readonly Kin[] | 'unknown' | null;
  /** A process of another pid namespace calls itself by this number there; `null`: not known. */
  readonly hasNamesake: (pid: number) => boolean | null;
  /** How often, and for how long, all its threads have run so far; `null`: not known. Left out: the system does not say. */
  readonly activity?: (pid: number) => string | null;
  /** The service of systemd in which a process runs; `null`: in none, or that is not known. Left out: there are none. */
  readonly unitOf?: (pid: number) => Unit | null;
  /** In how many ms systemd starts that service again by itself; `null`: it does not, or does not say. */
  readonly startsAgainInMs?: (unit: Unit) => number | null;
  /** This process and all that it was started by. */
  readonly ancestors: () => readonly number[];
  /** A negative pid is a group. */
  readonly signal: (pid: number, signal: NodeJS.Signals) => 'sent' | 'gone' | 'forbidden';
};

/** What is said once at the start where a system does not tell all of this. */
export type ProcessSupport = { readonly processes: Processes; readonly note: string | null };
