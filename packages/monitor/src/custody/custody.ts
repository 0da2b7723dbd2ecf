import type { CommandShape } from './command-shape.ts';
import type { Origin } from './origin.ts';
import type { FoundProcess, KnownProcess, Machine, Process, Target } from './process.ts';
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

/** What is known of the process group in which the restart command was run last. */
export type GroupFacts =
  | 'none'
  | 'unknown'
  /** It was started on another machine or in another container, and may live there. */
  | 'elsewhere'
  | {
      readonly group: number;
      readonly alive: boolean;
      readonly startedUp: number;
      /** The bot beat while this group ran: the bot is in it. */
      readonly held: boolean;
      /** How its command ended: `well` is exit code 0; `null`: it runs, or that is not known. */
      readonly end: 'well' | 'failed' | null;
      /** Where it was started; `null` or left out: here. */
      readonly origin?: Origin | null;
    };

/** What is known of the processes that run the bot's program. */
export type ProgramFacts = {
  /** `null`: the processes of this machine could not be listed. */
  readonly matches: readonly Process[] | null;
  /** They may be the bot, and that cannot be verified. */
  readonly unverified: readonly Process[];
  /** They run its program with other words: other bots as a rule. */
  readonly otherWords: readonly Process[];
  /** Every process of the machine could be looked at. */
  readonly complete: boolean;
  /** The system did not answer at this moment: what was not seen may be there. */
  readonly failed: boolean;
  /**
   * Whether this search finds the bot while it beats. `blind`: it beat, and no process was found. `of-another`: it beat
   * under another command or pattern, which says nothing of this search. `open`: not known yet.
   */
  readonly search: 'finds' | 'blind' | 'of-another' | 'open';
  /** Processes that matched while the bot beat, and what became of them. */
  readonly seen: readonly { readonly known: KnownProcess; readonly alive: boolean | null }[];
};

export type CustodyFacts = {
  /** What the monitor remembers of the bot could be read. */
  readonly memory: 'known' | 'unknown';
  /** The monitor cannot open the files that it takes to start a command. */
  readonly starved?: boolean;
  readonly shape: CommandShape;
  /** The `--bot-process` that the command suggests; `null`: none. */
  readonly suggested?: string | null;
  /** `--restart-ends-bot`. */
  readonly commandEndsBot: boolean;
  /** In this incident the command was seen not to end the run before it. */
  readonly commandFailed: boolean;
  /** `uid`: the user of the monitor, who can end nothing of another user; `null`: not known, or everything may be ended. */
  readonly here: {
    readonly machine: Machine | null;
    readonly host: string;
    readonly uid: number | null;
    /** The living process group of the restart command: what is in it this monitor has started. */
    readonly group: number | null;
  };
  /** The user who writes the status file; `null`: not known. */
  readonly owner: number | null;
  /** Never signalled: the monitor, and what it was started by. */
  readonly ancestors: readonly number[];
  readonly writers: readonly WriterFacts[];
  /** The bot has beaten at some time, as far as file and journal tell. */
  readonly everBeat: boolean;
  /** The bot was seen on another machine or in another container, and nothing has shown since that it runs here. */
  readonly elsewhere?: { readonly host: string | null } | null;
  readonly group: GroupFacts;
  readonly program: ProgramFacts;
  /** Processes that live, and that what was the bot had started when it was last seen. */
  readonly relics: readonly Pick<Process, 'pid' | 'mark' | 'startedUp'>[];
  /** When the last beat came, in ms since the machine's start. */
  readonly lastBeatUp: number;
  /** A process that began later than this is a new start, in ms since the machine's start. */
  readonly laterThanUp: number;
};

/** Why it is not known whether the bot is gone, or which process it is. A closed set: log, alert and page word it. */
export type Doubt =
  | { readonly kind: 'memory'; readonly lacks: 'read' | 'write' }
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
  | { readonly kind: 'unverified-match'; readonly pid: number }
  | { readonly kind: 'hidden-processes' }
  | { readonly kind: 'blind-search' }
  | { readonly kind: 'another-command' }
  /** `pattern`: the --bot-process that the restart command suggests. */
  | { readonly kind: 'no-identity'; readonly pattern?: string };

/** Why a process that a beat names is never signalled. */
export type Unfit =
  | 'pid-1'
  | 'the-monitor'
  | 'a-thread'
  | 'another-user'
  | 'namesake'
  | Exclude<Fit, 'yes' | 'shows-itself'>;

/** By what the bot is known to be gone; `absence`: only as far as no process runs its program. */
type GoneBy = 'process' | 'group' | 'program' | 'reboot' | 'absence';

/** Whose process is the bot, as far as is known: asked before anything is ended or started. */
export type Custody =
  /** Nothing has ever beaten and no process matches: a first start is allowed. */
  | { readonly kind: 'never' }
  | { readonly kind: 'gone'; readonly by: GoneBy }
  /** These are ended, and seen to be gone, before anything is started. */
  | { readonly kind: 'held'; readonly targets: readonly Target[] }
  /** Only processes that began later run: they get a grace, and nothing is started beside them. */
  | { readonly kind: 'started'; readonly targets: readonly Target[] }
  /** The restart command ends the bot by itself. */
  | { readonly kind: 'command-ends'; readonly by: string }
  | { readonly kind: 'unknown'; readonly doubt: Doubt };

/** Starts are counted in hundredths of a second, and so is the machine's uptime: what lies nearer counts as one instant, in ms. */
const tickMs = 50;

type Finding = { readonly target: Target } | { readonly gone: GoneBy } | { readonly doubt: Doubt };

const targetOf = ({ pid, mark, startedUp }: Pick<Process, 'pid' | 'mark' | 'startedUp'>): Finding => ({
  target: { kind: 'process', pid, mark, startedUp },
});

/** What it takes to identify a process. */
export type Place = Pick<CustodyFacts, 'here' | 'owner' | 'ancestors'>;

const unfitOf = (
  { pid, uid, group }: Process,
  { fits, namesake }: Pick<WriterFacts, 'fits' | 'namesake'>,
  { owner, ancestors, here }: Place,
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

/** Whether the number of a beat belongs to a process of this machine and of the monitor's namespace. */
const placeOf = (writer: WriterFacts, { here }: Place): Finding | 'here' => {
  const { pid, host, machine, sight, known } = writer;
  // Its process was looked at here, while it beat: whatever the machine is called now.
  if (known !== null) return 'here';
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
export const findingOf = (writer: WriterFacts, facts: Place): Finding => {
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

const ofWriter = (writer: WriterFacts, facts: CustodyFacts): readonly Finding[] => {
  const finding = findingOf(writer, facts);
  return writer.isLast || 'target' in finding ? [finding] : [];
};

const ofGroup = (group: GroupFacts): readonly Finding[] => {
  if (group === 'none') return [];
  if (group === 'unknown') return [{ doubt: { kind: 'memory', lacks: 'read' } }];
  if (group === 'elsewhere') return [{ doubt: { kind: 'seen-elsewhere', host: null } }];
  const { alive, held, startedUp } = group;
  if (alive) return [{ target: { kind: 'group', group: group.group, startedUp } }];
  return held ? [{ gone: 'group' }] : [];
};

/** What was seen elsewhere says nothing of here: the bot may live there. */
const ofMemory = ({ elsewhere }: CustodyFacts): readonly Finding[] =>
  elsewhere ? [{ doubt: { kind: 'seen-elsewhere', host: elsewhere.host } }] : [];

const ofProgram = (facts: CustodyFacts): readonly Finding[] => {
  const { matches, unverified, otherWords, seen } = facts.program;
  const mine = (matches ?? []).filter(({ pid }) => pid !== 1 && !facts.ancestors.includes(pid));
  // Whoever wrote the last beat is known by its number: what ran with other words beside it then is another bot.
  const named = facts.writers.some(({ isLast }) => isLast);
  const others = otherWords.filter(({ startedUp }) => !(named && startedUp <= facts.lastBeatUp));
  const doubtful = [...unverified, ...others].find(({ pid }) => !facts.ancestors.includes(pid));
  const gone = seen.length > 0 && seen.every(({ alive }) => alive === false);
  return [
    ...mine.map(targetOf),
    ...facts.relics.map(targetOf),
    ...(doubtful === undefined ? [] : [{ doubt: { kind: 'unverified-match' as const, pid: doubtful.pid } }]),
    ...(gone ? [{ gone: 'program' as const }] : []),
  ];
};

/** What the absence of everything means where nothing is known to be gone. */
const ofAbsence = ({ everBeat, shape, program, suggested }: CustodyFacts): Custody => {
  if (!everBeat) return { kind: 'never' };
  // The bot beat, and this search did not find it: that it finds nothing now says nothing.
  if (program.search === 'blind') return { kind: 'unknown', doubt: { kind: 'blind-search' } };
  if (program.search === 'of-another') return { kind: 'unknown', doubt: { kind: 'another-command' } };
  if (shape.kind !== 'script' && shape.kind !== 'module')
    return {
      kind: 'unknown',
      doubt: { kind: 'no-identity', ...(suggested ? { pattern: suggested } : {}) },
    };
  if (program.matches === null) return { kind: 'unknown', doubt: { kind: 'not-asked', pid: null } };
  return program.complete
    ? { kind: 'gone', by: 'absence' }
    : { kind: 'unknown', doubt: { kind: 'hidden-processes' } };
};

const endsItself = ({ shape, commandEndsBot }: CustodyFacts): string | null =>
  shape.kind === 'ends-bot' ? shape.by : commandEndsBot ? '--restart-ends-bot' : null;

/**
 * Whose process is the bot? What may be ended is everything that is known to be it; what is in doubt forbids to end and to
 * start anything, since a second bot is worse than a dead one.
 *
 * @example
 * const mayStart = (facts: CustodyFacts): boolean => {
 *   const custody = custodyOf(facts);
 *   if (custody.kind === 'unknown') warn(explainDoubt(custody.doubt));
 *   return custody.kind === 'gone' || custody.kind === 'never';
 * };
 */
export const custodyOf = (facts: CustodyFacts): Custody => {
  // Whatever else is not known then follows from it.
  if (facts.starved) return { kind: 'unknown', doubt: { kind: 'no-descriptors' } };
  if (facts.memory === 'unknown') return { kind: 'unknown', doubt: { kind: 'memory', lacks: 'read' } };
  if (facts.commandFailed) return { kind: 'unknown', doubt: { kind: 'command-does-not-end' } };
  const by = endsItself(facts);
  if (by !== null) return { kind: 'command-ends', by };
  if (facts.program.failed) return { kind: 'unknown', doubt: { kind: 'not-asked', pid: null } };
  const findings = [
    ...facts.writers.flatMap((writer) => ofWriter(writer, facts)),
    ...ofMemory(facts),
    ...ofGroup(facts.group),
    ...ofProgram(facts),
  ];
  for (const finding of findings) if ('doubt' in finding) return { kind: 'unknown', doubt: finding.doubt };
  const targets = findings.flatMap((finding) => ('target' in finding ? [finding.target] : []));
  if (targets.length > 0) {
    const before = targets.filter(({ startedUp }) => startedUp <= facts.laterThanUp);
    return before.length > 0 ? { kind: 'held', targets: before } : { kind: 'started', targets };
  }
  const gone = findings.flatMap((finding) => ('gone' in finding ? [finding.gone] : []))[0];
  return gone === undefined ? ofAbsence(facts) : { kind: 'gone', by: gone };
};
