import { hostname } from 'node:os';
import type { GroupFacts } from '../custody/custody.ts';
import { descendsFrom, parentsOf } from '../custody/family.ts';
import { findingOf, type Viewpoint, type WriterFacts } from '../custody/finding.ts';
import type { Memory, Run } from '../custody/memory.ts';
import { isAmong, type Kin, type KnownProcess, machineOf, type Process } from '../custody/process.ts';
import { type Fit, fitsProgram, isWrapper } from '../custody/program.ts';
import { startersAmong } from '../custody/starters.ts';
import type { FamilyOf } from './bot-family.ts';
import type { CustodianOptions } from './custodian-port.ts';
import { oncePerTurn } from './once-per-turn.ts';
import { type Claim, type Found, isSearchable, programOf, searchFor } from './search.ts';

/** What was found of a process that is in doubt holds for so long, in ms. */
const askedForMs = 5000;

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
  const own = process.geteuid?.() ?? 0;
  const user = own === 0 ? null : own;
  // Whether a group lives takes a look at every process.
  // A command that has a service manager restart the bot is not the bot, also while it waits for it: the bot is no child of it.
  const lastGroup = oncePerTurn(
    (): GroupFacts => (program.shape.kind === 'ends-bot' ? 'none' : options.group()),
  );
  const ownGroup = (): number | null => {
    const group = lastGroup();
    return typeof group === 'object' && group.alive ? group.group : null;
  };
  const viewpoint = (): Viewpoint => ({
    here: { machine, host: hostname(), uid: user, group: ownGroup() },
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
    (!claim.holds(process) && options.others().some((other) => other.holds(process)));
  const family = (): FamilyOf => ({ processes, program, owner: known()?.owner ?? null, isSpared });
  const kinNow = oncePerTurn(processes.kin);
  /** What only starts the bot is not in doubt, also when the bot that it started has ended. */
  const list = oncePerTurn((): Found & { readonly starters: readonly Process[] } => {
    const found = searchFor(claim, options.others, processes, known()?.owner ?? null, namespace);
    if (found.unverified.length === 0) return { ...found, starters: [] };
    const kin = kinNow();
    const parents = parentsOf(kin === null || kin === 'unknown' ? [] : kin);
    const now = startersAmong(found.unverified, found.matches ?? [], parents);
    const starters = found.unverified.filter(
      (each) => now.includes(each) || isAmong(each, known()?.starters ?? null),
    );
    return { ...found, starters, unverified: found.unverified.filter((each) => !starters.includes(each)) };
  });

  /** Whether a process that a beat names can be the bot: by itself, or since the bot's program has started it. */
  const fitOf = (found: Process, isProven: boolean, isSure: boolean): Fit => {
    const fits = fitsProgram(found, program, isProven, isSure);
    if (fits === 'yes' || fits === 'a-kernel-thread') return fits;
    const kin = kinNow();
    if (kin === null || kin === 'unknown') return fits;
    const group = ownGroup();
    const roots = [
      ...(list().matches ?? []).map(({ pid }) => pid),
      ...(group === null ? [] : kin.filter((each) => each.group === group).map(({ pid }) => pid)),
    ].filter((pid) => pid !== 1 && !ancestors.includes(pid));
    return descendsFrom(found.pid, new Set(roots), parentsOf(kin)) ? 'yes' : fits;
  };
  /** Asked anew only after a while: a process that is in doubt is looked at with each beat. */
  let asked: { readonly key: string; readonly untilUp: number; readonly fit: Fit } | null = null;
  const fitLately = (found: Process, isProven: boolean, isSure: boolean): Fit => {
    const key = `${found.pid} ${found.mark} ${isProven} ${isSure}`;
    if (asked?.key !== key || processes.uptimeMs() > asked.untilUp)
      asked = { key, untilUp: processes.uptimeMs() + askedForMs, fit: fitOf(found, isProven, isSure) };
    return asked.fit;
  };
  const factsOf = (writer: Run, isLast: boolean): readonly WriterFacts[] => {
    const { pid, host, boot } = writer.record;
    if (pid === undefined) return [];
    const found = processes.get(pid);
    const where = machineOf(boot);
    const isProven = where !== null && where.boot === machine?.boot && where.namespace === namespace;
    const fits = typeof found === 'object' ? fitLately(found, isProven, writer.again) : 'yes';
    const namesake = fits === 'shows-itself' ? processes.hasNamesake(pid) : false;
    const { unplaced, sight } = writer;
    return [
      { isLast, pid, host, machine: where, known: writer.known, unplaced, sight, found, fits, namesake },
    ];
  };
  /** In the group of the restart command is nothing but the shell that runs it: what it may start is not there yet. */
  const isShellOnly = (kin: readonly Kin[]): boolean => {
    const group = ownGroup();
    const [only, ...more] = kin.filter((each) => each.group === group);
    const found = only === undefined || more.length > 0 ? 'none' : processes.get(only.pid);
    return typeof found === 'object' && isWrapper(found) && found.args?.[2] === options.command;
  };
  /** A process of that group may be the bot. A command that ends the bot by itself has somebody else start it as a rule. */
  const mayHoldBot = (kin: readonly Kin[]): boolean => !options.commandEndsBot && !isShellOnly(kin);
  /** As it was found while that process lived: nobody tells the group of one that is gone. */
  let front: (KnownProcess & { readonly is: boolean }) | null = null;
  const isInFront = (): boolean | null => {
    const last = known()?.last.known ?? null;
    if (last === null) return null;
    if (front?.pid === last.pid && front.mark === last.mark) return front.is;
    const found = processes.get(last.pid);
    const group = lastGroup();
    if (typeof found !== 'object' || found.mark !== last.mark || typeof group !== 'object') return null;
    front = { ...last, is: found.group === group.group || found.parent === group.group };
    return front.is;
  };
  const runsForMs = (): number | null => {
    const last = known()?.last.known ?? null;
    const found = last === null ? 'none' : processes.get(last.pid);
    if (typeof found !== 'object' || found.mark !== last?.mark) return null;
    return Math.max(0, processes.uptimeMs() - found.startedUp);
  };
  const identify = (writer: Run): KnownProcess | null => {
    const [facts] = factsOf(writer, true);
    if (facts === undefined) return null;
    const finding = findingOf(facts, viewpoint());
    return 'target' in finding && finding.target.kind === 'process'
      ? { pid: finding.target.pid, mark: finding.target.mark }
      : null;
  };
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
    kinNow,
    factsOf,
    identify,
    mayHoldBot,
    isInFront,
    runsForMs,
  };
};
