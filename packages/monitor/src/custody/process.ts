/** A process as the system tells of it. Times are ms since the machine's start, which no clock can move. */
export type Process = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** `null`: the system does not say. */
  readonly uid: number | null;
  readonly startedUp: number;
  /** Together with the pid it names this process and no other one until the machine starts again. */
  readonly mark: number;
  /** It has a terminal: a person may sit at it. */
  readonly terminal: boolean;
  /** `null`: they may not be read. */
  readonly args: readonly string[] | null;
  /** Its current folder; `null`: it may not be read. */
  readonly folder: string | null;
  /** The file that it runs; `null`: it may not be read. `args` may say anything. */
  readonly exe: string | null;
  /** Its environment; `null`: it may not be read. */
  readonly environment: Readonly<Record<string, string>> | null;
  /** Its pid namespace; `null`: it may not be read, or there is none on this system. */
  readonly namespace: string | null;
};

/** `thread`: the number is one of a thread. `unknown`: the system could not be asked. */
export type FoundProcess = Process | 'none' | 'thread' | 'unknown';

/** Who started a process, and with which others it is signalled. */
export type Kin = Pick<Process, 'pid' | 'parent' | 'group' | 'mark' | 'startedUp'> & {
  /** `null`: the system does not say. */
  readonly session: number | null;
};

/** The processes that passed a filter. `complete` is false where others may be hidden: their absence means nothing. */
export type ProcessTable = {
  readonly rows: readonly Process[];
  readonly complete: boolean;
};

/** This start of this machine, and the pid namespace of this process: pids mean nothing outside of them. */
export type Machine = { readonly boot: string; readonly namespace: string };

/** A process that is known again by its mark. */
export type KnownProcess = { readonly pid: number; readonly mark: number };

/**
 * Starts are counted in hundredths of a second, and so is the machine's uptime; a file's time lies on another clock. What
 * lies nearer counts as one instant, in ms.
 */
export const tickMs = 50;

export const markOf = ({ pid, mark }: KnownProcess): KnownProcess => ({ pid, mark });

export const isAmong = ({ pid, mark }: KnownProcess, those: readonly KnownProcess[] | null): boolean =>
  those?.some((each) => each.pid === pid && each.mark === mark) === true;

/** What is ended: one process, or a whole process group. */
export type Target =
  | {
      readonly kind: 'process';
      readonly pid: number;
      readonly mark: number;
      readonly startedUp: number;
      /** It is ended since one of the others has started it. */
      readonly isKin?: true;
    }
  | { readonly kind: 'group'; readonly group: number; readonly startedUp: number };

/** `boot namespace` as it stands in a beat; `null` where it does not hold both. */
export const machineOf = (boot: string | undefined): Machine | null => {
  const [id, namespace, ...more] = (boot ?? '').split(' ');
  return id === undefined || id === '' || namespace === undefined || more.length > 0
    ? null
    : { boot: id, namespace };
};
