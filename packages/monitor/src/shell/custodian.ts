import { dirname } from 'node:path';
import type { StatusRecord } from '@sentinel/heartbeat-core';
import type { ProcessFacts } from '../core/observation.ts';
import { type Custody, custodyOf } from '../custody/custody.ts';
import { findingOf, type WriterFacts } from '../custody/finding.ts';
import { endedByReboot, type Memory, seenHere, withScan } from '../custody/memory.ts';
import {
  type Kin,
  type KnownProcess,
  markOf,
  type Process,
  type Target,
  tickMs,
} from '../custody/process.ts';
import { isOfFamily } from '../custody/program.ts';
import { botCount } from './bot-count.ts';
import { botEnding, mostKin } from './bot-ending.ts';
import { kinOf, knownOf } from './bot-family.ts';
import { botHolders } from './bot-holders.ts';
import { botMemory } from './bot-memory.ts';
import { botProcesses } from './bot-processes.ts';
import type { Custodian, CustodianOptions, Question } from './custodian-port.ts';
import { besideEarlier, leftOf } from './earlier-programs.ts';
import { searchedBy } from './search.ts';
import { searchProof } from './search-proof.ts';

export type { Custodian } from './custodian-port.ts';

const scanEveryMs = 60_000;
/** After a start, and where a scan is in doubt, the next ones follow sooner: a wrapper starts a second bot within seconds. */
const scanSoonMs = 5000;
const soonForMs = 30_000;

type Alive = Pick<ProcessFacts, 'writer' | 'byReboot'>;
const unknownWriter: Alive = { writer: 'unknown', byReboot: false };

export const createCustodian = (options: CustodianOptions): Custodian => {
  const { file, command, processes, graceMs } = options;
  const searched = searchedBy(options);
  const memory = botMemory(options, searched);
  const seen = botProcesses(options, memory.known);
  const { program, searches, ancestors, list, kinNow, ownGroup, lastGroup } = seen;
  const { viewpoint, claim, isSpared, family, factsOf, identify } = seen;
  const holders = botHolders(options, memory, lastGroup);
  const { aliveOf } = holders;
  const ending = botEnding({ processes, memory, holders, ancestors, isSpared, kinNow });
  const proof = searchProof(searched ?? '');
  const byPattern = program.pattern !== null;
  const counted = botCount();
  let beatUp: number | null = null;
  let scannedAt = Number.NEGATIVE_INFINITY;
  let soonUntil = Number.NEGATIVE_INFINITY;
  /** When a scan has found processes of the bot first. */
  let foundUp: number | null = null;

  const learn = (record: StatusRecord, isNew: boolean) => {
    if (isNew) beatUp = processes.uptimeMs();
    if (memory.learn(record, isNew, identify)) scannedAt = Number.NEGATIVE_INFINITY;
    holders.learn();
  };

  const writersOf = (): readonly WriterFacts[] => {
    const known = memory.known();
    return known === null
      ? []
      : [...factsOf(known.last, true), ...known.others.flatMap((other) => factsOf(other, false))];
  };

  const targetsNow = (matches: readonly Process[]): readonly Target[] => {
    const group = ownGroup();
    const writers = writersOf().flatMap((writer): Target[] => {
      const finding = findingOf(writer, viewpoint());
      return 'target' in finding ? [finding.target] : [];
    });
    return [
      ...[...matches, ...ending.earlier(list())]
        .filter(({ pid }) => pid !== 1 && !ancestors.includes(pid))
        .map(({ pid, mark, startedUp }): Target => ({ kind: 'process', pid, mark, startedUp })),
      ...writers,
      ...(group === null ? [] : [{ kind: 'group' as const, group, startedUp: 0 }]),
    ];
  };

  /** What these have started, and what lives of that which the bot had started before: its parent may have ended. */
  const kinOfNow = (targets: readonly Target[], kin: readonly Kin[]): readonly KnownProcess[] => {
    const before = ending.relics().map(markOf);
    const all = [...before, ...knownOf(kinOf(targets, kin, family()))];
    return [...new Map(all.map((each) => [each.pid, each])).values()].slice(0, mostKin);
  };

  const scanDueMs = (now: number): number => {
    if (proof.wants(beatUp)) return 0;
    return now < soonUntil || counted.isUnsure() ? scanSoonMs : scanEveryMs;
  };

  /** It beats on while processes of it are found here: where it was seen before does not matter. */
  const isSeenHere = (matches: readonly Process[], now: number): boolean => {
    if (matches.length === 0) foundUp = null;
    else foundUp ??= now;
    return foundUp !== null && (beatUp ?? 0) > foundUp;
  };

  const scan = (isWell: boolean) => {
    const known = memory.known();
    const now = processes.uptimeMs();
    if (known === null || command === undefined || now - scannedAt < scanDueMs(now)) return false;
    if (scannedAt === Number.NEGATIVE_INFINITY) soonUntil = now + soonForMs;
    scannedAt = now;
    const found = list();
    const matches = found.matches ?? [];
    const kin = kinNow();
    const targets = targetsNow(matches);
    const asked = kin !== null && kin !== 'unknown';
    if (asked) counted.count(targets, kin, seen.mayHoldBot(kin) ? ownGroup() : null);
    const here = isSeenHere(matches, now);
    const scanned = {
      programs: holders.countable(matches),
      earlier: leftOf(known.earlier, ending.earlier(found), matches, byPattern),
      kin: asked ? kinOfNow(targets, kin) : known.kin,
      // Where the bot beats and none of these is it, what started it before may be the bot by now.
      starters: matches.length > 0 ? found.starters.map(markOf) : [],
      search: searches ? proof.learn(known.search, found, beatUp, now) : known.search,
    };
    if (isWell) ending.forget();
    memory.learned((last) => withScan(here ? seenHere(last) : last, scanned));
    return true;
  };

  const ask = ({ commandFailed, laterThanUp }: Question): Custody => {
    const known = memory.known();
    const up = processes.uptimeMs();
    const fresh = memory.look();
    // What began after the last beat is on its way to its first one, for as long as a grace lasts.
    const lastBeatUp = beatUp ?? fresh.sight.fileUp;
    const begun = Math.max(lastBeatUp, up - graceMs);
    const { found, bots } = besideEarlier(list(), ending.earlier(list()), byPattern);
    const kin = kinNow();
    const doomed = ending.doomed().map((each) => ({ known: each, alive: aliveOf(each) }));
    const custody = custodyOf({
      memory: options.memory.isKnown() ? 'known' : 'unknown',
      starved: !options.files.canStart(),
      shape: program.shape,
      suggested: program.suggested,
      commandEndsBot: options.commandEndsBot,
      commandFailed,
      ...viewpoint(),
      owner: known?.owner ?? fresh.owner,
      writers: writersOf(),
      everBeat: known !== null,
      elsewhere: known?.elsewhere ?? null,
      group: holders.group(),
      program: {
        ...found,
        failed: found.failed || kin === 'unknown',
        // What was the bot and was ended is known by its end, also where it had not been looked at for long enough before.
        seen: [...holders.programs(), ...(laterThanUp === null ? [] : doomed)],
        search: proof.known(known?.search ?? null),
      },
      relics: [...bots, ...ending.relics()],
      lastBeatUp,
      laterThanUp: laterThanUp ?? begun,
    });
    if (!('targets' in custody) || kin === null || kin === 'unknown') return custody;
    const targets = [...custody.targets, ...kinOf(custody.targets, kin, family())];
    if (custody.kind === 'held') ending.also(targets);
    return { ...custody, targets };
  };

  /** A process that runs the bot's program, and may have written the last beat: what began later has not. */
  const mayHaveBeaten = (): boolean => {
    const { matches, unverified } = list();
    if (matches === null) return true;
    const lastUp = Math.max(beatUp ?? Number.NEGATIVE_INFINITY, memory.look().sight.fileUp);
    return (
      [...matches, ...unverified].some(({ startedUp }) => startedUp <= lastUp + tickMs) ||
      // What it had started may be what beats.
      [...ending.earlier(list()), ...ending.relics()].some((each) => isOfFamily(each, program))
    );
  };
  const goneUnlessItBeats = (byReboot: boolean): Alive => ({
    writer: mayHaveBeaten() ? 'unknown' : 'gone',
    byReboot,
  });

  /** What is known of the bot by the process that its beats name; `null`: they name none. */
  const byName = (known: Memory): Alive | null => {
    if (known.last.known !== null) {
      const alive = aliveOf(known.last.known);
      return { writer: alive === null ? 'unknown' : alive ? 'alive' : 'gone', byReboot: false };
    }
    const [facts] = factsOf(known.last, true);
    if (facts === undefined) return null;
    const finding = findingOf(facts, viewpoint());
    // In a memory of elsewhere a number that is not found here says nothing.
    if ('gone' in finding && known.elsewhere === null)
      return { writer: 'gone', byReboot: finding.gone === 'reboot' };
    return { writer: 'target' in finding ? 'alive' : 'unknown', byReboot: false };
  };

  const writer = (): Alive => {
    const known = memory.known();
    if (known === null) return unknownWriter;
    const named = byName(known);
    if (named !== null) return named;
    const group = holders.group();
    if (typeof group === 'object' && group.held)
      return group.alive ? { writer: 'alive', byReboot: false } : goneUnlessItBeats(false);
    const programs = holders.programs();
    if (programs.length === 0) return unknownWriter;
    if (programs.some(({ alive }) => alive !== false)) return { writer: 'alive', byReboot: false };
    return goneUnlessItBeats(endedByReboot(known));
  };

  const candidate = (): boolean | null => {
    if (ownGroup() !== null) return true;
    if (!searches) return null;
    const { matches, complete } = list();
    return matches !== null && matches.length > 0 ? true : complete ? false : null;
  };

  return {
    learn,
    scan,
    rescan: () => {
      scannedAt = Number.NEGATIVE_INFINITY;
    },
    ask,
    writer,
    mark: () => memory.known()?.last.known?.mark ?? null,
    isInFront: seen.isInFront,
    runsForMs: seen.runsForMs,
    candidate,
    several: () => counted.several((each) => aliveOf(each) !== false),
    diskTrouble: () => options.files.troubleOf(dirname(file)),
    startedOutside: () => {
      const group = ownGroup();
      const kin = kinNow();
      if (group === null || kin === null || kin === 'unknown') return [];
      const inGroup = new Set(kin.flatMap((each) => (each.group === group ? [each.pid] : [])));
      const all = kinOf([{ kind: 'group', group, startedUp: 0 }], kin, family());
      return knownOf(all).filter(({ pid }) => !inGroup.has(pid));
    },
    signal: ending.signal,
    everBeat: () => memory.known() !== null,
    reload: memory.reload,
    uptimeMs: processes.uptimeMs,
    shape: program.shape,
    claim,
  };
};
