import {
  type Evidence,
  evaluateHealth,
  evidenceAt,
  type Health,
  type HealthPolicy,
  type Reading,
  type Seen,
  type StatusRecord,
} from '@sentinel/heartbeat-core';
import type { Market } from './market-hours.ts';
import type { CommandFacts, Observation } from './observation.ts';
import type { Writer } from './supervisor-state.ts';

/** What a look at the file gave, and all that is known beside it. */
export type Look = {
  readonly bot: string;
  readonly reading: Reading;
  readonly seen: Seen | undefined;
  /** Wall clock and a clock that does not jump, at the same moment, in ms. */
  readonly wallNow: number;
  readonly now: number;
  readonly health: HealthPolicy;
  readonly market: Market | null;
  readonly clockJumped: boolean;
  readonly command: CommandFacts | null;
  readonly chance: number;
};

/** Judges a look: the bot's health, its age in market time, and when either changes. */
export const observe = (look: Look): Observation => {
  const { bot, reading, market, wallNow, clockJumped, command, chance } = look;
  const record = reading.kind === 'beat' ? reading.record : null;
  const { health, changesInMs } = market === null ? judge(look) : judgeInMarket(look, market);
  return {
    bot,
    health,
    run: record === null ? null : runOf(record),
    writer: record === null ? null : writerOf(record),
    beatAt: record === null ? null : beatAtOf(record, look),
    sessionActive: record?.sessionActive ?? null,
    status: record?.status ?? null,
    closed: market !== null && !market.isOpen(wallNow),
    changesInMs,
    clockJumped,
    command,
    chance,
  };
};

type Judged = { readonly health: Health; readonly changesInMs: number | null };

/** The time until the beat turns stale, or its progress has stood still for too long. */
const nextChange = (
  health: Health,
  evidence: Evidence | undefined,
  { maxStallMs }: HealthPolicy,
): number | null => {
  const stuckInMs =
    maxStallMs === null || evidence === undefined ? null : maxStallMs - evidence.stalledMs + 1;
  const ahead = [health.staleInMs, stuckInMs].filter((ms): ms is number => ms !== null && ms > 0);
  return ahead.length === 0 ? null : Math.min(...ahead);
};

const judge = ({ reading, seen, now, wallNow, health: policy }: Look): Judged => {
  const evidence = evidenceAt(seen, now);
  const health = evaluateHealth(reading, policy, wallNow, evidence);
  return { health, changesInMs: nextChange(health, evidence, policy) };
};

/** The same with ages that count only while the market is open; what lies ahead is given in real time again. */
const judgeInMarket = ({ reading, seen, now, wallNow, health: policy }: Look, market: Market): Judged => {
  const openFor = (ms: number) => market.openMs(wallNow - ms, wallNow);
  const plain = evidenceAt(seen, now);
  const evidence = plain && {
    unchangedMs: openFor(plain.unchangedMs),
    exact: plain.exact,
    stalledMs: openFor(plain.stalledMs),
  };
  const writtenAt = reading.kind === 'beat' ? reading.record.updatedAt : wallNow;
  // To a beat from the future no hours apply: it is dated wrongly in any case.
  const marketNow = writtenAt > wallNow ? wallNow : writtenAt + openFor(wallNow - writtenAt);
  const health = evaluateHealth(reading, policy, marketNow, evidence);
  const change = nextChange(health, evidence, policy);
  const inReal = (ms: number | null) => (ms === null || ms <= 0 ? ms : market.untilOpenFor(wallNow, ms));
  const ahead = [inReal(change), market.changesInMs(wallNow)].filter((ms): ms is number => ms !== null);
  return {
    health: { ...health, staleInMs: inReal(health.staleInMs) },
    changesInMs: ahead.length === 0 ? null : Math.min(...ahead),
  };
};

/** What tells one run of the bot from another; `null` where the writer says nothing that does. */
export const runOf = ({ instance, pid, startedAt }: StatusRecord): string | null => {
  if (instance !== undefined) return instance;
  return pid === undefined ? null : `${pid} ${startedAt ?? ''}`;
};

/** A writer that names no instance is told apart by its process, and start where it says one. */
const writerOf = (record: StatusRecord): Writer | null => {
  const instance = runOf(record);
  return instance === null ? null : { instance, pid: record.pid ?? null, host: record.host ?? null };
};

/** A change that was watched is known to the millisecond; of the first beat only what it says of itself is known. */
const beatAtOf = (record: StatusRecord, { seen, now, wallNow }: Look): number => {
  const since = seen?.since ?? now;
  // Whatever its date says after clocks were set: it came before it was seen first.
  return seen?.exact === true ? since : Math.min(since, now - (wallNow - record.updatedAt));
};
