import { type Heard, isAnswering, isAskedInVain, silentAt, silentMs, stateOf } from './heard.ts';
import type { PeerPolicy } from './policy.ts';
import type { PeerLine, PeerState } from './report.ts';

export type Row = {
  readonly name: string;
  readonly heard: Heard;
  /** Its incident is open: people know of it, and nothing follows from its silence any more. */
  readonly settled: boolean;
  /** It was heard at some time, by this start of the monitor or by one before. */
  readonly met: boolean;
};

/** Whether an address outside of the fleet can be reached; `none`: none is configured. */
export type Canary = 'none' | 'works' | 'fails' | 'unknown';

/** Everything that a judgement is made of. Instants are ms of the monotonic clock. */
export type Table = {
  readonly me: string;
  readonly rows: readonly Row[];
  readonly canary: Canary;
  /** When this host began to hear, or began anew after it had stood still. */
  readonly since: number;
};

/** What is to be said of one peer, and why. `waits`: it is silent, and others are still to be asked. */
export type PeerVerdict =
  | { readonly kind: 'up' | 'unsure' | 'stopped' | 'unknown' | 'waits' | 'unwatched' }
  | { readonly kind: 'down'; readonly agree: readonly string[]; readonly canary: boolean }
  | { readonly kind: 'unreachable'; readonly seenBy: readonly string[] };

export type Judgement = {
  /** What this host does not hear proves nothing: too many are late at once. The names of those that are. */
  readonly doubt: readonly string[] | null;
  /** And it has lasted for the maximum age: people are to know. */
  readonly deaf: boolean;
  /** Somebody is about to turn silent, or has just done so: each moment counts. */
  readonly urgent: boolean;
  /** Somebody is late: it may be asked whether this host hears anybody at all. */
  readonly late: boolean;
  readonly verdicts: ReadonlyMap<string, PeerVerdict>;
};

/** So long before a peer turns silent, and after it, each moment counts, in ms. Later all is settled, or not soon. */
const urgentMs = { before: 2000, after: 10_000 } as const;

type Found = Row & { readonly state: PeerState; readonly isLate: boolean };

/** After a peer has turned silent those that hear it are listened to for so long, in ms. */
const secondOpinionMs = 2000;

const findEach = ({ rows, since }: Table, now: number, policy: PeerPolicy): readonly Found[] =>
  rows.map((row) => {
    const state = stateOf(row.heard, since, now, policy);
    const age = silentMs(row.heard, now);
    return {
      ...row,
      state,
      isLate:
        !isAnswering(row.heard, now, policy) &&
        (state === 'silent' || (state === 'unsure' && (age === null || age >= policy.lateMs))),
    };
  });

/**
 * The peers that are late at once, where this host cannot be sure that the fault is not its own: two at least, and with
 * those that it hears it is not the greater part of the fleet. One alone, where the canary fails too.
 */
const doubtOf = (found: readonly Found[], canary: Canary): readonly string[] | null => {
  const counted = found.filter(({ settled, met }) => !settled && met);
  const late = counted.filter(({ isLate }) => isLate);
  const all = counted.length + 1;
  const isCut = late.length >= 2 && (all - late.length) * 2 <= all;
  const isAlone = late.length > 0 && late.length === counted.length && canary === 'fails';
  return isCut || isAlone ? late.map(({ name }) => name) : null;
};

type Testimony = {
  readonly by: string;
  readonly line: PeerLine;
  /** When that one last heard the peer, on the clock of this host; `null`: never. */
  readonly heardAt: number | null;
};

/** Seconds are said as whole ones, in ms. */
const roundedMs = 500;

/** What those that this host hears say of a peer. Who was ended a moment ago, on purpose, has said so, too. */
const testimonies = (
  found: readonly Found[],
  of: string,
  now: number,
  { lateMs }: PeerPolicy,
): readonly Testimony[] =>
  found.flatMap(({ name, state, heard: { report, beatAt } }) => {
    const line = report?.peers.find((peer) => peer.name === of);
    const isHeard = state === 'up' || (state === 'stopped' && beatAt !== null && now - beatAt < lateMs);
    if (name === of || !isHeard || report?.deaf !== false || line === undefined) return [];
    const { silent_seconds: silent } = line;
    const heardAt = silent === null || beatAt === null ? null : beatAt - silent * 1000 - roundedMs;
    return [{ by: name, line, heardAt }];
  });

/**
 * Somebody has heard it since this host did, less than the maximum age ago. Each asks in its own time: what stands still for
 * less is silent for longer to the one that had asked long before.
 */
const isHeardSince = (
  { heard: { beatAt } }: Found,
  said: readonly Testimony[],
  overdueMs: number,
  now: number,
  { maxAgeMs, intervalMs }: PeerPolicy,
): boolean =>
  overdueMs < intervalMs &&
  [...said.map(({ heardAt }) => heardAt), beatAt].some((at) => at !== null && now - at < maxAgeMs);

const verdictOf = (
  row: Found,
  found: readonly Found[],
  table: Table,
  now: number,
  policy: PeerPolicy,
): PeerVerdict => {
  const { state, name, heard } = row;
  const said = testimonies(found, name, now, policy);
  const named = (...wanted: readonly PeerState[]) =>
    said.filter(({ line }) => wanted.includes(line.state)).map(({ by }) => by);
  const overdueMs = now - silentAt(heard, table.since, policy);
  if (row.isLate && isHeardSince(row, said, overdueMs, now, policy))
    return { kind: state === 'silent' ? 'waits' : state };
  const silentTo = named('silent');
  // Two others are enough, where this host has not heard it for a while either.
  if (row.isLate && silentTo.length >= 2) return { kind: 'down', agree: silentTo, canary: false };
  // Who has begun to hear a moment ago and has asked in vain agrees with one who has heard nothing for long enough.
  const hasAsked = state === 'unsure' && isAskedInVain(heard, now, policy);
  if (hasAsked && silentTo.length > 0) return { kind: 'down', agree: [table.me, ...silentTo], canary: false };
  if (state !== 'silent') return { kind: state };
  const inVain = said.filter(({ line }) => line.state === 'unsure' && line.in_vain).map(({ by }) => by);
  const agree = [...silentTo, ...inVain];
  if (agree.length > 0) return { kind: 'down', agree: [table.me, ...agree], canary: false };
  const seenBy = named('up', 'unwatched', 'stopped');
  if (seenBy.length > 0)
    return overdueMs < secondOpinionMs ? { kind: 'waits' } : { kind: 'unreachable', seenBy };
  // They have not made up their minds: they may have been started a moment ago.
  if (said.length > 0 && overdueMs < policy.maxAgeMs) return { kind: 'waits' };
  // Who has not answered yet cannot prove more than the one who asks.
  const open = found.some((other) => other.name !== name && other.state === 'unsure' && !other.settled);
  if ((open || table.canary === 'unknown') && overdueMs < secondOpinionMs) return { kind: 'waits' };
  return table.canary === 'works' && row.met
    ? { kind: 'down', agree: [table.me], canary: true }
    : { kind: 'unreachable', seenBy: [] };
};

/**
 * Judges all peers at once, from one table. Pure.
 *
 * @param now ms of the monotonic clock.
 */
export const judgePeers = (table: Table, now: number, policy: PeerPolicy): Judgement => {
  const found = findEach(table, now, policy);
  const doubt = doubtOf(found, table.canary);
  const verdicts = found.map((row): readonly [string, PeerVerdict] => [
    row.name,
    doubt !== null && row.isLate && !row.settled
      ? { kind: 'waits' }
      : verdictOf(row, found, table, now, policy),
  ]);
  const deaf = doubt !== null && found.some(({ name, state }) => state === 'silent' && doubt.includes(name));
  const late = found.filter(({ isLate, settled }) => isLate && !settled);
  const urgent = late.some(({ heard }) => {
    const overdueMs = now - silentAt(heard, table.since, policy);
    // One question in vain after a new beginning: the next one may settle it.
    return heard.missed === 1 || (overdueMs > -urgentMs.before && overdueMs < urgentMs.after);
  });
  return { doubt, deaf, urgent, late: late.length > 0, verdicts: new Map(verdicts) };
};
