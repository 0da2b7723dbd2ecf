import type { CommandShape } from './command-shape.ts';
import {
  type Doubt,
  type Finding,
  findingOf,
  type GoneBy,
  type Setting,
  targetOf,
  type Viewpoint,
  type WriterFacts,
} from './finding.ts';
import type { LivingKeeper } from './keeper.ts';
import type { Origin } from './origin.ts';
import { type KnownProcess, type Process, type Target, tickMs } from './process.ts';

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
  /** They run its program with another environment than the command gets: `name` is one of the variables. */
  readonly otherEnvironment?: readonly { readonly process: Process; readonly name: string }[];
  /** They run its program where a bot beats, in the folder of the program; this bot has never beaten where it runs. */
  readonly atHome?: readonly Process[];
  /** Every process of the machine could be looked at. */
  readonly complete: boolean;
  /** The system did not answer at this moment: what was not seen may be there. */
  readonly failed: boolean;
  /**
   * Whether this search finds the bot while it beats. `blind`: it beat, and no process was found. `of-another`: it beat
   * under another command or pattern, which says nothing of this search. `not-yet`: it has beaten while this monitor watched, and
   * the last search found nothing. `open`: it has not beaten since.
   */
  readonly search: 'finds' | 'blind' | 'of-another' | 'not-yet' | 'open';
  /** Processes that matched while the bot beat, and what became of them. */
  readonly seen: readonly { readonly known: KnownProcess; readonly alive: boolean | null }[];
};

export type CustodyFacts = Viewpoint & {
  /** What the monitor remembers of the bot could be read. */
  readonly memory: 'known' | 'unknown';
  /** The monitor cannot open the files that it takes to start a command. */
  readonly starved?: boolean;
  readonly shape: CommandShape;
  /** Left out: no `--bot-process` is given, and the command suggests none. */
  readonly setting?: Setting;
  /** `--restart-ends-bot`. */
  readonly commandEndsBot: boolean;
  /** In this incident the command was seen not to end the run before it. */
  readonly commandFailed: boolean;
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

/** Whose process is the bot, as far as is known: asked before anything is ended or started. */
export type Custody =
  /** Nothing has ever beaten and no process matches: a first start is allowed. */
  | { readonly kind: 'never' }
  /** `keeper`: what had started the bot lives, and may start it again. */
  | { readonly kind: 'gone'; readonly by: GoneBy; readonly keeper?: LivingKeeper }
  /** These are ended, and seen to be gone, before anything is started. */
  | { readonly kind: 'held'; readonly targets: readonly Target[] }
  /** Only processes that began later run: they get a grace, and nothing is started beside them. */
  | { readonly kind: 'started'; readonly targets: readonly Target[] }
  /** The restart command ends the bot by itself. */
  | { readonly kind: 'command-ends'; readonly by: string }
  | { readonly kind: 'unknown'; readonly doubt: Doubt };

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

const matchDoubt = ({ pid, namespace }: Process, { here, setting }: CustodyFacts): Doubt => {
  const own = here.machine?.namespace ?? namespace;
  return {
    kind: 'unverified-match',
    pid,
    ...(namespace !== null && namespace !== own ? { contained: true } : {}),
    ...(setting?.isGiven ? { isGiven: true } : {}),
  };
};

/** What runs the program, was not started by this monitor, and has had time to beat into this file and has not. */
const isStranger = ({ everBeat, group, here, laterThanUp }: CustodyFacts, process: Process): boolean => {
  if (everBeat || process.startedUp > laterThanUp || (here.group !== null && process.group === here.group))
    return false;
  return typeof group !== 'object' || process.startedUp < group.startedUp - tickMs;
};

/**
 * Another environment, another account perhaps. Beside a process that is known to be the bot it is another bot; without
 * one it may be the bot.
 */
const ofEnvironment = (facts: CustodyFacts): readonly Finding[] => {
  const { matches, otherEnvironment = [], search, seen } = facts.program;
  const isNamed = facts.writers.some(({ isLast }) => isLast);
  const isKnown = isNamed || (matches ?? []).length > 0 || (search === 'finds' && seen.length > 0);
  const [first] = otherEnvironment;
  if (first === undefined || isKnown) return [];
  const { pid, startedUp } = first.process;
  // It began just now: a person, or a script with variables of its own, may have started the bot.
  if (startedUp > facts.laterThanUp && facts.everBeat) return [targetOf(first.process)];
  return [{ doubt: { kind: 'other-environment', pid, name: first.name } }];
};

const ofProgram = (facts: CustodyFacts): readonly Finding[] => {
  const { matches, unverified, otherWords, seen, atHome = [] } = facts.program;
  const mine = (matches ?? []).filter(({ pid }) => pid !== 1 && !facts.ancestors.includes(pid));
  const stranger = [...mine, ...atHome].find((each) => isStranger(facts, each));
  if (stranger !== undefined) return [{ doubt: { kind: 'never-beat', pid: stranger.pid } }];
  // Whoever wrote the last beat is known by its number: what ran with other words beside it then is another bot.
  const named = facts.writers.some(({ isLast }) => isLast);
  const others = otherWords.filter(({ startedUp }) => !(named && startedUp <= facts.lastBeatUp));
  const doubtful = [...unverified, ...others].find(({ pid }) => !facts.ancestors.includes(pid));
  const gone = seen.length > 0 && seen.every(({ alive }) => alive === false);
  return [
    ...mine.map(targetOf),
    ...facts.relics.map(targetOf),
    ...ofEnvironment(facts),
    ...(doubtful === undefined ? [] : [{ doubt: matchDoubt(doubtful, facts) }]),
    ...(gone ? [{ gone: 'program' as const }] : []),
  ];
};

/** What the absence of everything means where nothing is known to be gone. */
const ofAbsence = ({ everBeat, shape, program, setting }: CustodyFacts): Custody => {
  if (!everBeat) return { kind: 'never' };
  // The bot beat, and this search did not find it: that it finds nothing now says nothing.
  if (program.search === 'blind') return { kind: 'unknown', doubt: { kind: 'blind-search', ...setting } };
  if (program.search === 'of-another') return { kind: 'unknown', doubt: { kind: 'another-command' } };
  if (shape.kind !== 'script' && shape.kind !== 'module')
    return { kind: 'unknown', doubt: { kind: 'no-identity', ...setting } };
  if (program.matches === null) return { kind: 'unknown', doubt: { kind: 'not-asked', pid: null } };
  if (!program.complete) return { kind: 'unknown', doubt: { kind: 'hidden-processes', ...setting } };
  return program.search === 'not-yet'
    ? { kind: 'unknown', doubt: { kind: 'unproven-search', ...setting } }
    : { kind: 'gone', by: 'absence' };
};

/** The run that the command did not end has ended since. */
const isLastGone = (facts: CustodyFacts): boolean =>
  facts.writers.some((writer) => writer.isLast && 'gone' in findingOf(writer, facts));

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
  if (facts.commandFailed && !isLastGone(facts))
    return { kind: 'unknown', doubt: { kind: 'command-does-not-end' } };
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
