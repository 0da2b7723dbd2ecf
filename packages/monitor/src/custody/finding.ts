import {
  type FoundProcess,
  type KnownProcess,
  type Machine,
  type Process,
  type Target,
  tickMs,
} from './process.ts';
import type { Fit } from './program.ts';

/** When a writer was first seen, in ms since this start of the machine; negative: before it. */
export type Sight = { readonly seenUp: number; readonly fileUp: number };

/** What is known of one run of the bot that names itself in its beats, and what the system says of its number now. */
export type WriterFacts = {
  /** It wrote the last beat. Of a run before that only matters whether its process still lives. */
  readonly isLast: boolean;
  readonly pid: number;
  readonly host: string | undefined;
  /** This start of the machine it runs on, as its beats say. */
  readonly machine: Machine | null;
  /** Its process was looked at while it beat. */
  readonly known: KnownProcess | null;
  /** It went on beating while no process had its number: the number counts elsewhere. */
  readonly unplaced: boolean;
  readonly sight: Sight | null;
  readonly found: FoundProcess;
  /** The process can be the bot as far as its program tells. */
  readonly fits: Fit;
  /** A process of another pid namespace has the same number there; `null`: not known. */
  readonly namesake: boolean | null;
};

/** From where a process is looked at, and what it takes to identify one. */
export type Viewpoint = {
  /** `uid`: the user of the monitor, who can end nothing of another user; `null`: not known, or everything may be ended. */
  readonly here: {
    readonly machine: Machine | null;
    readonly host: string | null;
    readonly uid: number | null;
    /** The living process group of the restart command: what is in it this monitor has started. */
    readonly group: number | null;
  };
  /** The user who writes the status file; `null`: not known. */
  readonly owner: number | null;
  /** Never signalled: the monitor, and what it was started by. */
  readonly ancestors: readonly number[];
};

/** Why it is not known whether the bot is gone, or which process it is. A closed set: log, alert and page word it. */
export type Doubt =
  | { readonly kind: 'memory'; readonly lacks: 'read' | 'write' }
  /** This monitor does not hold the lock of the file: another one may watch the bot. */
  | { readonly kind: 'lock'; readonly why: string }
  | { readonly kind: 'no-descriptors' }
  | { readonly kind: 'command-does-not-end' }
  | { readonly kind: 'another-host'; readonly host: string | undefined }
  | { readonly kind: 'another-machine'; readonly host: string | undefined }
  | { readonly kind: 'another-namespace'; readonly pid: number }
  | { readonly kind: 'seen-elsewhere'; readonly host: string | null }
  | { readonly kind: 'no-such-process'; readonly pid: number }
  | { readonly kind: 'not-asked'; readonly pid: number | null }
  | { readonly kind: 'number-in-doubt'; readonly pid: number }
  | { readonly kind: 'cannot-be-the-bot'; readonly pid: number; readonly why: Unfit }
  /** `contained`: it runs in another pid namespace. */
  | ({ readonly kind: 'unverified-match'; readonly pid: number; readonly contained?: true } & Setting)
  /** It runs the bot's program with another environment than the restart command gets: `name` is one of the variables. */
  | { readonly kind: 'other-environment'; readonly pid: number; readonly name: string }
  /** It runs the bot's program, and no bot has ever beaten into this file. */
  | { readonly kind: 'never-beat'; readonly pid: number }
  | ({ readonly kind: 'hidden-processes' } & Setting)
  | ({ readonly kind: 'blind-search' } & Setting)
  /** The bot has beaten, and no search beside its beats has found it so far. */
  | ({ readonly kind: 'unproven-search' } & Setting)
  | { readonly kind: 'another-command' }
  | ({ readonly kind: 'no-identity' } & Setting);

/** What is there to say of --bot-process: the one that the restart command suggests, or that one is given. */
export type Setting = { readonly pattern?: string; readonly isGiven?: true };

/** Why a process that a beat names is never signalled. */
export type Unfit =
  | 'pid-1'
  | 'the-monitor'
  | 'a-thread'
  | 'another-user'
  | 'namesake'
  | Exclude<Fit, 'yes' | 'shows-itself'>;

/** By what the bot is known to be gone; `absence`: only as far as no process runs its program. */
export type GoneBy = 'process' | 'group' | 'program' | 'reboot' | 'absence';

export type Finding = { readonly target: Target } | { readonly gone: GoneBy } | { readonly doubt: Doubt };

export const targetOf = ({ pid, mark, startedUp }: Pick<Process, 'pid' | 'mark' | 'startedUp'>): Finding => ({
  target: { kind: 'process', pid, mark, startedUp },
});

const unfitOf = (
  { pid, uid, group }: Process,
  { fits, namesake }: Pick<WriterFacts, 'fits' | 'namesake'>,
  { owner, ancestors, here }: Viewpoint,
): Unfit | null => {
  if (pid === 1) return 'pid-1';
  if (ancestors.includes(pid)) return 'the-monitor';
  const foreign = uid !== null && here.uid !== null && uid !== here.uid;
  // What this monitor has started it knows, whoever owned the file before.
  const isOwn = here.group !== null && group === here.group;
  if (foreign || (owner !== null && uid !== null && uid !== owner && !isOwn)) return 'another-user';
  if (isOwn || fits === 'yes') return null;
  return fits !== 'shows-itself' ? fits : namesake === true ? 'namesake' : null;
};

/**
 * The number that a beat names without a host is that of the bot's own program here. Where the beats named nobody, that
 * process would be the bot as well.
 */
const runsBot = ({ found, fits }: WriterFacts): boolean => typeof found === 'object' && fits === 'yes';

/** Whether the number of a beat belongs to a process of this machine and of the monitor's namespace. */
const placeOf = (writer: WriterFacts, { here }: Viewpoint): Finding | 'here' => {
  const { pid, host, machine, sight, known } = writer;
  // Its process was looked at here, while it beat: whatever the machine is called now.
  if (known !== null) return 'here';
  if (host === undefined && machine === null && runsBot(writer)) return 'here';
  const before = sight !== null && sight.fileUp < 0;
  if (machine !== null && here.machine !== null) {
    if (machine.boot !== here.machine.boot)
      return host === here.host && before ? { gone: 'reboot' } : { doubt: { kind: 'another-machine', host } };
    if (machine.namespace !== here.machine.namespace) return { doubt: { kind: 'another-namespace', pid } };
    return 'here';
  }
  // Its number counts in a start of a machine, and which one this is the system does not say: a container, or a guest.
  if (machine !== null && here.machine === null) return { doubt: { kind: 'another-machine', host } };
  if (host !== here.host) return { doubt: { kind: 'another-host', host } };
  return before ? { gone: 'reboot' } : 'here';
};

/** What is known of one writer: a process to end, that it is gone, or why neither can be said. */
export const findingOf = (writer: WriterFacts, facts: Viewpoint): Finding => {
  const { pid, known, sight, found } = writer;
  const place = placeOf(writer, facts);
  if (place !== 'here') return place;
  if (found === 'none')
    return writer.unplaced ? { doubt: { kind: 'no-such-process', pid } } : { gone: 'process' };
  if (found === 'unknown') return { doubt: { kind: 'not-asked', pid } };
  if (found === 'thread') return { doubt: { kind: 'cannot-be-the-bot', pid, why: 'a-thread' } };
  if (known !== null && known.mark !== found.mark) return { gone: 'process' };
  if (known === null) {
    const { seenUp, fileUp } = sight ?? { seenUp: 0, fileUp: 0 };
    if (found.startedUp > Math.max(seenUp, fileUp) + tickMs) return { gone: 'process' };
    if (found.startedUp > Math.min(seenUp, fileUp) + tickMs)
      return { doubt: { kind: 'number-in-doubt', pid } };
  }
  const { machine } = facts.here;
  if (found.namespace !== null && machine !== null && found.namespace !== machine.namespace)
    return { doubt: { kind: 'another-namespace', pid } };
  const why = unfitOf(found, writer, facts);
  return why === null ? targetOf(found) : { doubt: { kind: 'cannot-be-the-bot', pid, why } };
};
