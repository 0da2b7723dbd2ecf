import { dirname } from 'node:path';
import { patternOf } from '../../custody/command-words.ts';
import { type Custody, custodyOf } from '../../custody/custody.ts';
import type { Setting } from '../../custody/finding.ts';
import { besideNamed, notAmong } from '../../custody/named.ts';
import { besideEarlier } from './earlier-programs.ts';
import { botEnding } from './ending.ts';
import { kinOf } from './family.ts';
import { botHolders } from './holders.ts';
import { botIdentity } from './identity.ts';
import { botMemory } from './memory.ts';
import type { Custodian, CustodianOptions, Question } from './port.ts';
import { botProcesses } from './processes.ts';
import { botScan, type Parts } from './scan.ts';
import { searchedBy } from './search.ts';
import { searchProof } from './search-proof.ts';
import { botWriter } from './writer.ts';

export type { Custodian } from './port.ts';

const withKeeper = (custody: Custody, keeper: { readonly pid: number; readonly waitMs: number } | null) =>
  custody.kind === 'gone' && keeper !== null
    ? { ...custody, keeper: keeper.pid, ...(keeper.waitMs > 0 ? { keeperWaitMs: keeper.waitMs } : {}) }
    : custody;

/** Puts together what custody depends on, and asks it. */
const asking = (options: CustodianOptions, { memory, seen, identity, holders, ending, proof }: Parts) => {
  const { processes, graceMs } = options;
  const { program, list } = seen;
  const setting: Setting =
    program.pattern !== null
      ? { isGiven: true }
      : program.named === null
        ? {}
        : { pattern: patternOf(program.named) };
  return ({ commandFailed, laterThanUp }: Question): Custody => {
    const known = memory.known();
    const up = processes.uptimeMs();
    const fresh = memory.look();
    // What began after the last beat is on its way to its first one, for as long as a grace lasts.
    const lastBeatUp = memory.beatUp() ?? fresh.sight.fileUp;
    const begun = Math.max(lastBeatUp, up - graceMs);
    const { found, bots } = besideEarlier(list(), ending.earlier(), program.pattern !== null);
    const kin = seen.kin();
    const named = seen.named();
    const doomed = ending.doomed().map((each) => ({ known: each, alive: holders.aliveOf(each) }));
    const custody = custodyOf({
      memory: options.memory.isKnown() ? 'known' : 'unknown',
      starved: !options.files.canStart(),
      shape: program.shape,
      setting,
      commandEndsBot: options.commandEndsBot,
      commandFailed,
      ...seen.viewpoint(),
      owner: known?.owner ?? fresh.owner,
      writers: identity.writers(),
      everBeat: known !== null,
      elsewhere: known?.elsewhere ?? null,
      group: holders.group(),
      program: {
        ...found,
        failed: found.failed || seen.isKinUnknown() || named === null,
        // What was the bot and was ended is known by its end, also where it had not been looked at for long enough before.
        seen: [...holders.programs(), ...(laterThanUp === null ? [] : doomed)],
        search: proof.known(known?.scan.search ?? null),
      },
      relics: [...bots, ...ending.relics()],
      lastBeatUp,
      laterThanUp: laterThanUp ?? begun,
    });
    const since = (named ?? []).filter(({ startedUp }) => known === null || startedUp > lastBeatUp);
    const later = laterThanUp ?? begun;
    if (!('targets' in custody) || kin === null)
      return withKeeper(
        besideNamed(custody, since, later, setting),
        ending.keeper(kin, laterThanUp ?? lastBeatUp),
      );
    const targets = [...custody.targets, ...kinOf(custody.targets, kin, seen.family())];
    const apart = besideNamed({ ...custody, targets }, notAmong(since, targets), later, setting);
    if (apart.kind === 'held') {
      ending.noteKeepers(targets, kin);
      ending.also(targets);
    }
    return apart;
  };
};

export const createCustodian = (options: CustodianOptions): Custodian => {
  const { processes, files } = options;
  const searched = searchedBy(options);
  const memory = botMemory(options, searched);
  const seen = botProcesses(options, memory.known);
  const identity = botIdentity(options, seen, memory.known);
  const holders = botHolders(options, memory, seen.lastGroup, seen.program.shape);
  const ending = botEnding(processes, { memory, seen, holders });
  const parts = { memory, seen, identity, holders, ending, proof: searchProof(searched ?? '') };
  const { scan, rescan, several, idle } = botScan(options, parts);

  return {
    learn: (record, { isNew, isDoubted, aheadMs }) => {
      const dated = { ...record, updatedAt: record.updatedAt - aheadMs };
      if (memory.isCopy(dated, isDoubted, identity.isGone)) return;
      if (memory.learn(dated, isNew, identity.identify)) rescan();
      holders.learn();
    },
    scan,
    rescan,
    several,
    idle,
    ask: asking(options, parts),
    writer: botWriter(parts),
    mark: () => memory.known()?.last.known?.mark ?? null,
    isInFront: identity.isInFront,
    runsForMs: identity.runsForMs,
    candidate: () => {
      if (seen.ownGroup() !== null) return true;
      if (!seen.searches) return null;
      const { matches, complete } = seen.list();
      return matches !== null && matches.length > 0 ? true : complete ? false : null;
    },
    diskTrouble: () => files.troubleOf(dirname(options.file)),
    startedOutside: ending.startedOutside,
    signal: ending.signal,
    everBeat: () => memory.known() !== null,
    reload: memory.reload,
    uptimeMs: processes.uptimeMs,
    shape: seen.program.shape,
    claim: seen.claim,
  };
};
