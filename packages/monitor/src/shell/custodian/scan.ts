import { findingOf } from '../../custody/finding.ts';
import { seenHere, withScan } from '../../custody/memory.ts';
import { type Kin, type KnownProcess, markOf, type Process, type Target } from '../../custody/process.ts';
import { botActivity } from './activity.ts';
import { botCount } from './count.ts';
import { leftOf } from './earlier-programs.ts';
import { type BotEnding, mostKin } from './ending.ts';
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

/** What knows the bot. */
export type Parts = {
  readonly memory: BotMemory;
  readonly seen: BotProcesses;
  readonly identity: BotIdentity;
  readonly holders: BotHolders;
  readonly ending: BotEnding;
  readonly proof: SearchProof;
};

/** When the bot's processes are looked for: often while that may tell something new, since it costs. */
const timing = () => {
  let scannedAt = Number.NEGATIVE_INFINITY;
  let soonUntil = Number.NEGATIVE_INFINITY;
  return {
    /** True: a scan is due, and is made now. `everyMs` is the time between two, `null`: the usual one. */
    isDue: (now: number, everyMs: number | null): boolean => {
      if (now - scannedAt < (everyMs ?? (now < soonUntil ? scanSoonMs : scanEveryMs))) return false;
      if (scannedAt === Number.NEGATIVE_INFINITY) soonUntil = now + soonForMs;
      scannedAt = now;
      return true;
    },
    rescan: () => {
      scannedAt = Number.NEGATIVE_INFINITY;
    },
  };
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
export const botScan = ({ command, commandEndsBot, processes }: CustodianOptions, parts: Parts) => {
  const { memory, seen, holders, ending, proof } = parts;
  const counted = botCount();
  const active = botActivity(processes);
  const { isDue, rescan } = timing();
  /** When a scan has found processes of the bot first. */
  let foundUp: number | null = null;

  /** It beats on while processes of it are found here: where it was seen before does not matter. */
  const isSeenHere = (matches: readonly Process[], now: number): boolean => {
    if (matches.length === 0) foundUp = null;
    else foundUp ??= now;
    return foundUp !== null && (memory.beatUp() ?? 0) > foundUp;
  };

  /**
   * A shell that has not started the bot yet is none, also where a pattern finds the bot's program in its words. A command
   * that ends the bot by itself has somebody else start it as a rule.
   */
  const count = (targets: readonly Target[], kin: readonly Kin[]) => {
    const shell = seen.shellOnly(kin);
    const bots = targets.filter((target) => target.kind !== 'process' || target.pid !== shell);
    counted.count(bots, kin, commandEndsBot || shell !== null ? null : seen.ownGroup());
  };

  return {
    rescan,
    several: () => counted.several((each) => holders.aliveOf(each) === true),
    idle: active.idle,
    /** True: it looked. */
    scan: (isWell: boolean): boolean => {
      const known = memory.known();
      const now = processes.uptimeMs();
      if (known === null || command === undefined) return false;
      // It beats on without one of them: which processes would be ended now is to be said at once.
      const isLess = known.scan.programs.some((each) => holders.aliveOf(each) === false);
      const everyMs =
        isLess || proof.wants(memory.beatUp())
          ? 0
          : counted.isUnsure() || active.isUnsure()
            ? scanSoonMs
            : null;
      if (!isDue(now, everyMs)) return false;
      const found = seen.list();
      const matches = found.matches ?? [];
      const kin = seen.kin();
      const targets = targetsOf(parts, matches);
      if (kin !== null) count(targets, kin);
      // One that names its process is known by that.
      if (kin !== null && known.last.record.pid === undefined)
        active.look(targets, kin, seen.family(), memory.beatUp());
      const here = isSeenHere(matches, now);
      const search = seen.searches ? proof.learn(known.scan.search, found, memory.beatUp(), now) : undefined;
      const isOnlyGone = found.complete && !proof.beatsUnfound();
      const scanned = {
        programs: holders.countable(matches),
        earlier: leftOf(known.scan.earlier, ending.earlier(), matches, seen.program.pattern !== null),
        ...(kin === null ? {} : { kin: kinOfNow(parts, targets, kin) }),
        // Where the bot beats and none of these is it, what started it before may be the bot by now; not where it has just ended.
        starters: matches.length > 0 ? found.starters.map(markOf) : isOnlyGone ? known.scan.starters : [],
        ...(search === undefined ? {} : { search }),
      };
      if (isWell) {
        ending.forget();
        // It may crash: what may start it again is to be known then.
        if (kin !== null) ending.noteKeepers(targets, kin);
      }
      memory.learned((last) => withScan(here ? seenHere(last) : last, scanned));
      return true;
    },
  };
};
