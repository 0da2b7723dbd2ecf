import type { GroupFacts } from '../../custody/custody.ts';
import { parentsOf } from '../../custody/family.ts';
import type { Viewpoint } from '../../custody/finding.ts';
import { withoutLookalikes } from '../../custody/lookalike.ts';
import type { Memory } from '../../custody/memory.ts';
import { isAmong, type Kin, type Process } from '../../custody/process.ts';
import { isWrapper } from '../../custody/program.ts';
import { startersAmong } from '../../custody/starters.ts';
import type { FamilyOf } from './family.ts';
import { oncePerTurn } from './once-per-turn.ts';
import type { CustodianOptions } from './port.ts';
import { type Claim, type Found, isSearchable, programOf, searchFor, searchNamed } from './search.ts';

/** The process group of the restart command. */
const groupOf = (options: CustodianOptions, program: ReturnType<typeof programOf>) => {
  // Whether a group lives takes a look at every process.
  // A command that has a service manager restart the bot is not the bot, also while it waits for it: the bot is no child of it.
  const lastGroup = oncePerTurn(
    (): GroupFacts => (program.shape.kind === 'ends-bot' ? 'none' : options.group()),
  );
  const ownGroup = (): number | null => {
    const group = lastGroup();
    return typeof group === 'object' && group.alive ? group.group : null;
  };

  /** The shell that runs the restart command, where nothing else is in its group: what it may start is not there yet. */
  const shellOnly = (all: readonly Kin[]): number | null => {
    const group = ownGroup();
    const [only, ...more] = all.filter((each) => each.group === group);
    const found = only === undefined || more.length > 0 ? 'none' : options.processes.get(only.pid);
    const isShell = typeof found === 'object' && isWrapper(found) && found.args?.[2] === options.command;
    return isShell ? found.pid : null;
  };
  return { lastGroup, ownGroup, shellOnly };
};

/** Who started whom on this machine. */
const kinOn = (processes: CustodianOptions['processes']) => {
  const kinNow = oncePerTurn(processes.kin);
  /** Who started whom; `null`: the system does not say, or not now. */
  const kin = (): readonly Kin[] | null => {
    const found = kinNow();
    return found === 'unknown' ? null : found;
  };
  return { kin, isKinUnknown: () => kinNow() === 'unknown' };
};

/**
 * The processes of the machine as one bot sees them: which can be it, which are another's.
 *
 * @param known what is remembered of the bot by now.
 */
export const botProcesses = (options: CustodianOptions, known: () => Memory | null) => {
  const { processes } = options;
  const program = programOf(options.files, options.file, options, options.path);
  const machine = processes.machine();
  const namespace = machine?.namespace ?? null;
  const ancestors = processes.ancestors();
  const others = oncePerTurn(options.others);
  const own = process.geteuid?.() ?? 0;
  const user = own === 0 ? null : own;
  const { lastGroup, ownGroup, shellOnly } = groupOf(options, program);
  const { kin, isKinUnknown } = kinOn(processes);
  const viewpoint = (): Viewpoint => ({
    here: { machine, host: processes.origin().host, uid: user, group: ownGroup() },
    owner: known()?.owner ?? null,
    ancestors,
  });
  const claim: Claim = {
    program,
    holds: (process) => {
      const last = known()?.last.known ?? null;
      return process.group === ownGroup() || (last !== null && isAmong(process, [last]));
    },
  };
  const isSpared: FamilyOf['isSpared'] = (process) =>
    ancestors.includes(process.pid) ||
    (!claim.holds(process) && others().some((other) => other.holds(process)));
  const family = (): FamilyOf => ({ processes, program, owner: known()?.owner ?? null, isSpared });
  /** What only starts the bot is not in doubt, also when the bot that it started has ended. */
  const list = oncePerTurn((): Found & { readonly starters: readonly Process[] } => {
    const searched = searchFor(claim, others, processes, known()?.owner ?? null, namespace);
    const found = withoutLookalikes(searched, known(), program);
    if (found.unverified.length === 0) return { ...found, starters: [] };
    const now = startersAmong(found.unverified, found.matches ?? [], parentsOf(kin() ?? []));
    const starters = found.unverified.filter(
      (each) => now.includes(each) || isAmong(each, known()?.scan.starters ?? null),
    );
    return { ...found, starters, unverified: found.unverified.filter((each) => !starters.includes(each)) };
  });

  /** Those that run what the script of the command names; `null`: the system did not answer. */
  const named = oncePerTurn(() => {
    const found = searchNamed(program, processes, namespace);
    return found?.filter((each) => each.pid !== 1 && !isSpared(each)) ?? null;
  });

  return {
    program,
    searches: isSearchable(program),
    machine,
    ancestors,
    lastGroup,
    ownGroup,
    viewpoint,
    claim,
    isSpared,
    family,
    list,
    named,
    kin,
    isKinUnknown,
    shellOnly,
  };
};
export type BotProcesses = ReturnType<typeof botProcesses>;
