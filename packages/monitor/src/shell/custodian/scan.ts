import { findingOf } from '../../custody/finding.ts';
import { type Memory, seenHere, withScan } from '../../custody/memory.ts';
import { type Kin, type KnownProcess, markOf, type Process, type Target } from '../../custody/process.ts';
import { BotActivity } from './activity.ts';
import { BotCount } from './count.ts';
import { leftOf, ofThisBot } from './earlier-programs.ts';
import { type BotEnding, mostKin } from './ending.ts';
import type { BotFamilies } from './families.ts';
import { kinOf, knownOf } from './family.ts';
import type { BotHolders } from './holders.ts';
import type { BotIdentity } from './identity.ts';
import type { BotMemory } from './memory.ts';
import type { CustodianOptions } from './port.ts';
import type { BotProcesses } from './processes.ts';
import type { SearchProof } from './search-proof.ts';

const scanEveryMs = 60_000;
/** After a start, and where a scan is in doubt, the next ones follow sooner: a wrapper starts a second bot within seconds. */
const scanSoonMs = 5000;
const soonForMs = 30_000;

export type Parts = {
  readonly memory: BotMemory;
  readonly seen: BotProcesses;
  readonly identity: BotIdentity;
  readonly holders: BotHolders;
  readonly ending: BotEnding;
  readonly families: BotFamilies;
  readonly proof: SearchProof;
};

/** What is known to be the bot now. */
const targetsOf = ({ seen, identity, ending }: Parts, matches: readonly Process[]): readonly Target[] => {
  const group = seen.ownGroup();
  const writers = identity.writers().flatMap((writer): Target[] => {
    const finding = findingOf(writer, seen.viewpoint());
    return 'target' in finding ? [finding.target] : [];
  });
  return [
    ...[...matches, ...ending.earlier()]
      .filter(({ pid }) => pid !== 1 && !seen.ancestors.includes(pid))
      .map(({ pid, mark, startedUp }): Target => ({ kind: 'process', pid, mark, startedUp })),
    ...writers,
    ...(group === null ? [] : [{ kind: 'group' as const, group, startedUp: 0 }]),
  ];
};

/** What these have started, and what lives of that which the bot had started before: its parent may have ended. */
const kinOfNow = (
  { ending, seen }: Parts,
  targets: readonly Target[],
  kin: readonly Kin[],
): readonly KnownProcess[] => {
  const all = [...ending.relics().map(markOf), ...knownOf(kinOf(targets, kin, seen.family()))];
  return [...new Map(all.map((each) => [each.pid, each])).values()].slice(0, mostKin);
};

/** Looks for the bot's processes while it beats, and remembers what is found. */
export class BotScan {
  private readonly options: CustodianOptions;
  private readonly parts: Parts;
  private readonly counted = new BotCount();
  private readonly active: BotActivity;
  /** The process that was found last, and has ended; whether beats have gone on since, and nothing is known to write them. */
  private gone: number | null = null;
  private isLost = false;
  /** When a scan has found processes of the bot first. */
  private foundUp: number | null = null;
  private scannedAt = Number.NEGATIVE_INFINITY;
  private soonUntil = Number.NEGATIVE_INFINITY;

  constructor(options: CustodianOptions, parts: Parts) {
    this.options = options;
    this.parts = parts;
    this.active = new BotActivity(options.processes);
  }

  /** The next scans are made soon: another run beats. */
  rescan(): void {
    this.scannedAt = Number.NEGATIVE_INFINITY;
  }

  /** The bots that two scans in a row have found, where they are more than one: the first process of each. */
  several(): readonly number[] {
    return this.counted.several((each) => this.parts.holders.aliveOf(each) === true);
  }

  /** The process that is the bot, where it has not run while beats came: another process writes the file. */
  idle(): number | null {
    return this.active.idle();
  }

  /** The process that was the bot and has ended, where beats go on and nothing is known to write them. */
  lost(): number | null {
    return this.isLost ? this.gone : null;
  }

  /** Looks for them from time to time, since that costs. True: it looked. */
  scan(isWell: boolean): boolean {
    const { memory, ending, seen } = this.parts;
    const known = memory.known();
    const now = this.options.processes.uptimeMs();
    if (known === null || this.options.command === undefined) return false;
    if (!this.isDue(now, this.everyMs(known))) return false;
    const found = seen.list();
    const matches = found.matches ?? [];
    const kin = seen.kin();
    const targets = targetsOf(this.parts, matches);
    if (kin !== null) this.count(targets, kin);
    // One that names its process is known by that.
    if (kin !== null && known.last.record.pid === undefined)
      this.active.look(targets, kin, seen.family(), memory.beatUp());
    const here = this.isSeenHere(matches, now);
    const scanned = this.scannedOf(known, found, { matches, kin, targets, now });
    this.seeLost(known, targets, scanned.search?.finds === false);
    if (isWell) {
      ending.forget();
      // It may crash: what may start it again is to be known then.
      if (kin !== null) ending.keepers.note(targets, kin, true);
    }
    memory.learned((last) => withScan(here ? seenHere(last) : last, scanned));
    return true;
  }

  /** @param isBlind beats come, and the search finds nothing. */
  private seeLost({ scan }: Memory, targets: readonly Target[], isBlind: boolean): void {
    const { holders, ending } = this.parts;
    // What it had started beats on: that is known.
    if (targets.length > 0 || ending.relics().length > 0) this.gone = null;
    else this.gone ??= scan.programs.find((each) => holders.aliveOf(each) === false)?.pid ?? null;
    this.isLost = isBlind && this.gone !== null;
  }

  /** How long after the scan before the next one is due; `null`: as usual. */
  private everyMs({ scan }: Memory): number | null {
    const { holders, proof, memory } = this.parts;
    // It beats on without one of them: which processes would be ended now is to be said at once.
    const isLess = scan.programs.some((each) => holders.aliveOf(each) === false);
    if (isLess || proof.wants(memory.beatUp())) return 0;
    return this.counted.isUnsure() || this.active.isUnsure() ? scanSoonMs : null;
  }

  /** True: a scan is due, and is made now: often while that may tell something new, since it costs. */
  private isDue(now: number, everyMs: number | null): boolean {
    const { scannedAt } = this;
    if (now - scannedAt < (everyMs ?? (now < this.soonUntil ? scanSoonMs : scanEveryMs))) return false;
    if (scannedAt === Number.NEGATIVE_INFINITY) this.soonUntil = now + soonForMs;
    this.scannedAt = now;
    return true;
  }

  private scannedOf(
    known: Memory,
    found: ReturnType<BotProcesses['list']>,
    { matches, kin, targets, now }: Scanned,
  ): Parameters<typeof withScan>[1] {
    const { memory, seen, holders, ending, proof } = this.parts;
    const search = seen.searches ? proof.learn(known.scan.search, found, memory.beatUp(), now) : undefined;
    const hasOutlived = known.scan.programs.length > 0 && holders.programs().length === 0;
    const isOnlyGone = !hasOutlived && !proof.beatsUnfound();
    // What has ended while this look was made is known by its end: the next look sees it.
    const hasJustEnded = found.matches === null || (matches.length === 0 && isOnlyGone);
    return {
      programs: hasJustEnded ? known.scan.programs : holders.countable(matches),
      earlier: leftOf(
        known.scan.earlier,
        ofThisBot(ending.earlier(), found),
        matches,
        seen.program.pattern !== null,
      ),
      ...(kin === null ? {} : { kin: kinOfNow(this.parts, targets, kin) }),
      // Where the bot beats and none of these is it, what started it before may be the bot by now; not where it has just ended.
      starters: matches.length > 0 ? found.starters.map(markOf) : isOnlyGone ? known.scan.starters : [],
      ...(search === undefined ? {} : { search }),
    };
  }

  /** It beats on while processes of it are found here: where it was seen before does not matter. */
  private isSeenHere(matches: readonly Process[], now: number): boolean {
    if (matches.length === 0) this.foundUp = null;
    else this.foundUp ??= now;
    return this.foundUp !== null && (this.parts.memory.beatUp() ?? 0) > this.foundUp;
  }

  /**
   * A shell that has not started the bot yet is none, also where a pattern finds the bot's program in its words. A command
   * that ends the bot by itself has somebody else start it as a rule.
   */
  private count(targets: readonly Target[], kin: readonly Kin[]): void {
    const { seen } = this.parts;
    const shell = seen.shellOnly(kin);
    const bots = targets.filter((target) => target.kind !== 'process' || target.pid !== shell);
    const isApart = this.options.commandEndsBot || shell !== null;
    this.counted.count(bots, kin, isApart ? null : seen.ownGroup(), this.parts.families);
  }
}

/** What one scan has before it. */
type Scanned = {
  readonly matches: readonly Process[];
  readonly kin: readonly Kin[] | null;
  readonly targets: readonly Target[];
  readonly now: number;
};
