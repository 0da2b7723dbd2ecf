import { isGivenOnly } from '../../custody/beside.ts';
import type { GroupFacts } from '../../custody/custody.ts';
import { parentsOf } from '../../custody/family.ts';
import type { Viewpoint } from '../../custody/finding.ts';
import { isRenamed, withoutLookalikes } from '../../custody/lookalike.ts';
import { mentions } from '../../custody/mentions.ts';
import { isAmong, type Kin, type Process } from '../../custody/process.ts';
import { isWrapper, matchOf, type Program } from '../../custody/program.ts';
import { startersAmong } from '../../custody/starters.ts';
import type { FamilyOf } from './family.ts';
import type { BotMemory } from './memory.ts';
import type { CustodianOptions } from './port.ts';
import {
  type Claim,
  type Found,
  isOfOurs,
  isSearchable,
  programOf,
  searchFor,
  searchNamed,
} from './search.ts';

/** Those that run the bot's program, without what only starts it. */
type Listed = Found & {
  readonly starters: readonly Process[];
  /** One in the bot's folder whose words nobody can see; `null`: there is none. */
  readonly titled: Process | null;
};

type Answers = {
  readonly group: GroupFacts;
  readonly kin: ReturnType<CustodianOptions['processes']['kin']>;
  readonly list: Listed;
  readonly named: readonly Process[] | null;
};

/** The processes of the machine as one bot sees them: which can be it, which are another's. */
export class BotProcesses implements Claim {
  readonly program: Program;
  readonly ancestors: readonly number[];
  readonly machine: Viewpoint['here']['machine'];
  private readonly options: CustodianOptions;
  private readonly memory: Pick<BotMemory, 'known'>;
  private answers: Partial<Answers> | null = null;

  /** @param memory what is remembered of the bot by now. */
  constructor(options: CustodianOptions, memory: Pick<BotMemory, 'known'>) {
    this.options = options;
    this.memory = memory;
    this.program = programOf(options.files, options.file, options, options.environment);
    this.machine = options.processes.machine();
    this.ancestors = options.processes.ancestors();
  }

  get searches(): boolean {
    return isSearchable(this.program);
  }

  /** The process group of the restart command: whether it lives takes a look at every process. */
  lastGroup(): GroupFacts {
    // A command that has a service manager restart the bot is not the bot, also while it waits for it: the bot is no child of it.
    if (this.program.shape.kind === 'ends-bot') return 'none';
    return this.options.command === undefined ? this.options.group() : this.once('group', this.options.group);
  }

  /** The same while it lives. */
  ownGroup(): number | null {
    const group = this.lastGroup();
    return typeof group === 'object' && group.alive ? group.group : null;
  }

  /** The shell that runs the restart command, where nothing else is in its group: what it may start is not there yet. */
  shellOnly(all: readonly Kin[]): number | null {
    const group = this.ownGroup();
    const [only, ...more] = all.filter((each) => each.group === group);
    const found = only === undefined || more.length > 0 ? 'none' : this.options.processes.get(only.pid);
    const isShell = typeof found === 'object' && isWrapper(found) && found.args?.[2] === this.options.command;
    return isShell ? found.pid : null;
  }

  get(pid: number): ReturnType<CustodianOptions['processes']['get']> {
    return this.options.processes.get(pid);
  }

  /** Who started whom; `null`: the system does not say, or not now. */
  kin(): readonly Kin[] | null {
    const found = this.once('kin', this.options.processes.kin);
    return found === 'unknown' ? null : found;
  }

  isKinUnknown(): boolean {
    return this.once('kin', this.options.processes.kin) === 'unknown';
  }

  viewpoint(): Viewpoint {
    const { machine, ancestors } = this;
    const { host } = this.options.processes.origin();
    return {
      here: { machine, host, uid: ownUser(), group: this.ownGroup() },
      owner: this.owner(),
      ancestors,
    };
  }

  /** It is in the process group of its restart command, or its beats name it. */
  holds(process: Pick<Process, 'pid' | 'group' | 'mark'>): boolean {
    const last = this.memory.known()?.last.known ?? null;
    // What costs less is asked first: each bot asks this of ten thousand others.
    return (last !== null && isAmong(process, [last])) || process.group === this.ownGroup();
  }

  /** Never signalled: the monitor, what started it, another bot. */
  isSpared(process: Pick<Process, 'pid' | 'group' | 'mark'>): boolean {
    return (
      this.ancestors.includes(process.pid) ||
      (!this.holds(process) && this.options.another((other) => other.holds(process)))
    );
  }

  family(): FamilyOf {
    const { options, program } = this;
    const isSpared: FamilyOf['isSpared'] = (process) => this.isSpared(process);
    return { processes: options.processes, program, owner: this.owner(), isSpared };
  }

  /** What only starts the bot is not in doubt, also when the bot that it started has ended. */
  list(): Listed {
    return this.once('list', () => this.search());
  }

  /** Those that run what the script of the command names; `null`: the system did not answer. */
  named(): readonly Process[] | null {
    return this.once('named', () => {
      const found = searchNamed(this.program, this.options.processes, this.namespace());
      return found?.filter((each) => each.pid !== 1 && !this.isSpared(each)) ?? null;
    });
  }

  private owner(): number | null {
    return this.memory.known()?.owner ?? null;
  }

  private namespace(): string | null {
    return this.machine?.namespace ?? null;
  }

  /**
   * A pattern that is found only in the words that another program is given is of a tool, where the bot is known by more, or
   * was known by its process.
   */
  private withoutTools(found: Found): Found {
    const { program } = this;
    const { programs = [] } = this.memory.known()?.scan ?? {};
    const all = found.matches ?? [];
    const tools = all.filter((each) => isGivenOnly(each, program) && !this.holds(each));
    const isKnown = tools.length < all.length || programs.length > 0;
    if (found.matches === null || tools.length === 0 || !isKnown) return found;
    return { ...found, matches: all.filter((each) => !tools.includes(each) || isAmong(each, programs)) };
  }

  /** What is only in doubt since it runs in the bot's folder, and is a program of Sentinel, or another bot of this monitor. */
  private withoutOthers(found: Found): Found {
    const { program, options } = this;
    const isOther = (each: Process) =>
      this.ancestors.includes(each.pid) ||
      this.holds(each) ||
      isOfOurs(each, program, options.processes) ||
      options.another((other) => matchOf(each, other.program, this.owner(), this.namespace()) === 'yes');
    const unverified = found.unverified.filter((each) => !(found.beside?.includes(each) && isOther(each)));
    return { ...found, unverified };
  }

  private search(): Listed {
    const { program } = this;
    const { processes } = this.options;
    const known = this.memory.known();
    const searched = searchFor(this, this.options.another, processes, this.owner(), this.namespace());
    const found = this.withoutOthers(withoutLookalikes(this.withoutTools(searched), known, program));
    const titled = [...searched.unverified, ...(searched.beside ?? [])].find(isRenamed) ?? null;
    const matches = found.matches ?? [];
    // Beside a process that is known to be the bot, what names its program is none.
    const others =
      matches.length === 0 ? [] : (searched.beside ?? []).filter((each) => mentions(each, program));
    if (found.unverified.length === 0) return { ...found, titled, starters: others };
    const now = startersAmong(found.unverified, matches, parentsOf(this.kin() ?? []));
    const starters = found.unverified.filter(
      (each) => now.includes(each) || isAmong(each, known?.scan.starters ?? null),
    );
    return {
      ...found,
      titled,
      starters: [...starters, ...others],
      unverified: found.unverified.filter((each) => !starters.includes(each)),
    };
  }

  /**
   * Answers once for all that is asked in one turn: a look asks several times for the processes of the machine, and each
   * answer costs. What is asked after anything was waited for is asked anew.
   */
  private once<Key extends keyof Answers>(key: Key, ask: () => Answers[Key]): Answers[Key] {
    if (this.answers === null) {
      this.answers = {};
      queueMicrotask(() => {
        this.answers = null;
      });
    }
    const { answers } = this;
    const known = answers[key];
    if (known !== undefined) return known as Answers[Key];
    const answer = ask();
    answers[key] = answer;
    return answer;
  }
}

/** The user that this process runs as; `null`: root, who may signal everybody. */
const ownUser = (): number | null => {
  const own = process.geteuid?.() ?? 0;
  return own === 0 ? null : own;
};
