import { descendsFrom, parentsOf } from '../../custody/family.ts';
import { findingOf, type WriterFacts } from '../../custody/finding.ts';
import type { Memory, Run } from '../../custody/memory.ts';
import { type KnownProcess, machineOf, type Process } from '../../custody/process.ts';
import { type Fit, fitsProgram } from '../../custody/program.ts';
import type { CustodianOptions } from './port.ts';
import type { BotProcesses } from './processes.ts';

/** What was found of a process that is in doubt holds for so long, in ms. */
const askedForMs = 5000;

/** Whether a process that a beat names can be the bot: by itself, or since the bot's program has started it. */
const fitsOf = ({ processes }: CustodianOptions, seen: BotProcesses) => {
  const fitOf = (found: Process, isProven: boolean, isSure: boolean): Fit => {
    const fits = fitsProgram(found, seen.program, isProven, isSure);
    if (fits === 'yes' || fits === 'a-kernel-thread') return fits;
    const kin = seen.kin();
    if (kin === null) return fits;
    const group = seen.ownGroup();
    const roots = [
      ...(seen.list().matches ?? []).map(({ pid }) => pid),
      ...(group === null ? [] : kin.filter((each) => each.group === group).map(({ pid }) => pid)),
    ].filter((pid) => pid !== 1 && !seen.ancestors.includes(pid));
    return descendsFrom(found.pid, new Set(roots), parentsOf(kin)) ? 'yes' : fits;
  };
  /** Asked anew only after a while: a process that is in doubt is looked at with each beat. */
  let asked: { readonly key: string; readonly untilUp: number; readonly fit: Fit } | null = null;
  return (found: Process, isProven: boolean, isSure: boolean): Fit => {
    const key = `${found.pid} ${found.mark} ${isProven} ${isSure}`;
    if (asked?.key !== key || processes.uptimeMs() > asked.untilUp)
      asked = { key, untilUp: processes.uptimeMs() + askedForMs, fit: fitOf(found, isProven, isSure) };
    return asked.fit;
  };
};

/** The process behind the last beat, where it was looked at and lives. */
const lastOf =
  (processes: CustodianOptions['processes'], known: () => Memory | null) => (): Process | null => {
    const last = known()?.last.known ?? null;
    const found = last === null ? 'none' : processes.get(last.pid);
    return typeof found === 'object' && found.mark === last?.mark ? found : null;
  };

/** Whether the restart command has the bot in front of it, as a program that it waits for; `null`: not known. */
const frontOf = (seen: BotProcesses, known: () => Memory | null, lastProcess: () => Process | null) => {
  /** As it was found while that process lived: nobody tells the group of one that is gone. */
  let front: (KnownProcess & { readonly is: boolean }) | null = null;
  return (isOver: boolean): boolean | null => {
    const last = known()?.last.known ?? null;
    if (last === null) return null;
    const isKnown = front?.pid === last.pid && front.mark === last.mark;
    // What has outlived the command was not in front of it, whatever its group is.
    if (front !== null && isKnown && !(front.is && isOver)) return front.is;
    const found = lastProcess();
    const group = seen.lastGroup();
    if (found === null || typeof group !== 'object') return isKnown ? (front?.is ?? null) : null;
    const isOfGroup = found.group === group.group || found.parent === group.group;
    front = { ...last, is: isOfGroup && !isOver };
    return front.is;
  };
};

/** The processes that the beats name: what the system says of each. */
export const botIdentity = (options: CustodianOptions, seen: BotProcesses, known: () => Memory | null) => {
  const { processes } = options;
  const { machine, viewpoint } = seen;
  const fitLately = fitsOf(options, seen);

  const factsOf = (writer: Run, isLast: boolean): readonly WriterFacts[] => {
    const { pid, host, boot } = writer.record;
    if (pid === undefined) return [];
    const found = processes.get(pid);
    const where = machineOf(boot);
    const isProven =
      where !== null && where.boot === machine?.boot && where.namespace === (machine?.namespace ?? null);
    const fits = typeof found === 'object' ? fitLately(found, isProven, writer.again) : 'yes';
    const namesake = fits === 'shows-itself' ? processes.hasNamesake(pid) : false;
    const { unplaced, sight } = writer;
    return [
      { isLast, pid, host, machine: where, known: writer.known, unplaced, sight, found, fits, namesake },
    ];
  };

  const lastProcess = lastOf(processes, known);

  return {
    factsOf,
    writers: (): readonly WriterFacts[] => {
      const memory = known();
      return memory === null
        ? []
        : [...factsOf(memory.last, true), ...memory.others.flatMap((other) => factsOf(other, false))];
    },
    identify: (writer: Run): KnownProcess | null => {
      const [facts] = factsOf(writer, true);
      if (facts === undefined) return null;
      const finding = findingOf(facts, viewpoint());
      return 'target' in finding && finding.target.kind === 'process'
        ? { pid: finding.target.pid, mark: finding.target.mark }
        : null;
    },
    /** The process that a beat names has ended, as far as it is known from here. */
    isGone: (writer: Run): boolean =>
      factsOf(writer, true).some((facts) => 'gone' in findingOf(facts, viewpoint())),
    isInFront: frontOf(seen, known, lastProcess),
    runsForMs: (): number | null => {
      const found = lastProcess();
      return found === null ? null : Math.max(0, processes.uptimeMs() - found.startedUp);
    },
  };
};
export type BotIdentity = ReturnType<typeof botIdentity>;
