import type { StatusRecord } from '@sentinel/heartbeat-core';
import { patternOf } from '../../custody/command-words.ts';
import { type Custody, custodyOf } from '../../custody/custody.ts';
import type { Setting } from '../../custody/finding.ts';
import type { LivingKeeper } from '../../custody/keeper.ts';
import { patternOfTitle } from '../../custody/lookalike.ts';
import { besideNamed, notAmong } from '../../custody/named.ts';
import type { Process } from '../../custody/process.ts';
import type { Program } from '../../custody/program.ts';
import { besideEarlier } from './earlier-programs.ts';
import { BotEnding } from './ending.ts';
import { BotFamilies } from './families.ts';
import { kinOf } from './family.ts';
import { BotHolders } from './holders.ts';
import { BotIdentity } from './identity.ts';
import { BotMemory } from './memory.ts';
import type { CustodianOptions, Finding, Question } from './port.ts';
import { BotProcesses } from './processes.ts';
import { BotScan, type Parts } from './scan.ts';
import { type Claim, searchedBy } from './search.ts';
import { SearchProof } from './search-proof.ts';
import { candidateOf, writerOf } from './writer.ts';

const withKeeper = (custody: Custody, keeper: LivingKeeper | null): Custody =>
  custody.kind === 'gone' && keeper !== null ? { ...custody, keeper } : custody;

/** By what a person, or the script of the command, has said the bot's processes are known. */
const settingOf = ({ pattern, named, shape }: Program, titled: Process | null): Setting => {
  // Its own words are gone: what the command names would not find it.
  const title = titled === null ? {} : { pattern: patternOfTitle(titled) };
  if (pattern !== null) return { isGiven: true, ...title };
  if (titled !== null) return title;
  if (shape.kind === 'module' && shape.family === 'python')
    return { pattern: patternOf({ file: `${shape.module}.py` }) };
  return named === null ? {} : { pattern: patternOf(named) };
};

/** Puts together what custody depends on, and asks it. */
const ask = (options: CustodianOptions, parts: Parts, { commandFailed, laterThanUp }: Question): Custody => {
  const { processes, graceMs } = options;
  const { memory, seen, identity, holders, ending, proof } = parts;
  const { program } = seen;
  const known = memory.known();
  const up = processes.uptimeMs();
  const fresh = memory.look();
  // What began after the last beat is on its way to its first one, for as long as a grace lasts.
  const lastBeatUp = memory.beatUp() ?? fresh.sight.fileUp;
  // Of a file that never came nothing is known: its bot may be about to write it.
  const begun = known === null && fresh.beat === null ? up - graceMs : Math.max(lastBeatUp, up - graceMs);
  const list = seen.list();
  const setting = settingOf(program, list.titled);
  const { found, bots } = besideEarlier(list, ending.earlier(), program.pattern !== null);
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
      search: proof.known(known?.scan.search ?? null, memory.beatUp()),
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
      ending.keepers.living(kin, laterThanUp ?? lastBeatUp),
    );
  const targets = [...custody.targets, ...kinOf(custody.targets, kin, seen.family())];
  const apart = besideNamed({ ...custody, targets }, notAmong(since, targets), later, setting);
  if (apart.kind === 'held') {
    ending.keepers.note(targets, kin, false);
    ending.also(targets);
  }
  return apart;
};

const partsOf = (options: CustodianOptions): Parts => {
  const searched = searchedBy(options);
  const memory = new BotMemory(options, searched);
  const seen = new BotProcesses(options, memory);
  const identity = new BotIdentity(options, seen, memory);
  const holders = new BotHolders(options, memory, seen);
  const ending = new BotEnding(options.processes, { memory, seen, holders });
  const families = new BotFamilies({ memory, seen, holders });
  return { memory, seen, identity, holders, ending, families, proof: new SearchProof(searched ?? '') };
};

/**
 * Knows the processes of one bot: who writes its beats, what runs its program, what its command started. A class, so that
 * each of ten thousand bots has the state of it and no function of its own.
 */
export class Custodian {
  readonly scans: BotScan;
  readonly identity: BotIdentity;
  readonly ending: BotEnding;
  private readonly options: CustodianOptions;
  private readonly parts: Parts;

  constructor(options: CustodianOptions) {
    const parts = partsOf(options);
    this.options = options;
    this.parts = parts;
    this.identity = parts.identity;
    this.ending = parts.ending;
    this.scans = new BotScan(options, parts);
  }

  get shape() {
    return this.parts.seen.program.shape;
  }

  /** What this bot has, for the other bots of the monitor. */
  get claim(): Claim {
    return this.parts.seen;
  }

  /**
   * Takes in a beat that can be read.
   *
   * @param how `aheadMs`: by how much the clock that has dated it is known to be ahead, or behind (negative);
   *   `isDoubted`: it may be a copy of before; `isUndated`: it was found in a moment in which the clock here was set, so that
   *   no date tells how old it is.
   */
  learn(record: StatusRecord, { isNew, isDoubted, isUndated, aheadMs }: Finding): void {
    const { memory, identity, holders, families } = this.parts;
    const dated = { ...record, updatedAt: record.updatedAt - aheadMs };
    if (memory.isCopy(dated, isDoubted, identity)) return;
    if (isUndated) memory.noteUndated();
    if (memory.learn(dated, isNew, identity)) {
      families.learn();
      this.scans.rescan();
    }
    holders.learn();
  }

  ask(question: Question): Custody {
    return ask(this.options, this.parts, question);
  }

  /** Whether the process behind the last beat lives. */
  writer() {
    return writerOf(this.parts);
  }

  /** Those whose beats came and that live come from one start, as a parent and its workers. */
  beatAsOne(): boolean {
    return this.parts.families.beatAsOne();
  }

  /** What tells the process behind the last beat from any other; `null`: it was not looked at. */
  mark(): number | null {
    return this.parts.memory.known()?.last.known?.mark ?? null;
  }

  /** A process that can be the bot lives; `null`: that cannot be known. */
  candidate(): boolean | null {
    return candidateOf(this.parts);
  }

  diskTrouble(): string | null {
    const { memory } = this.parts;
    return this.options.files.troubleOf(this.options.file, memory.known()?.owner ?? null);
  }

  everBeat(): boolean {
    return this.parts.memory.known() !== null;
  }

  /** The journal can be read by now: what the monitor before knew joins what this one has seen. */
  reload(): void {
    this.parts.memory.reload();
  }

  uptimeMs(): number {
    return this.options.processes.uptimeMs();
  }
}
