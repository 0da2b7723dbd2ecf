import type { Reading, Seen, StatusRecord } from '@sentinel/heartbeat-core';
import { readMarketHours, see, splitIndicator } from '@sentinel/heartbeat-core';
import type { BeatRow, StallRow } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import type { Action } from './actions.ts';
import { decide } from './decide.ts';
import { observe } from './observe.ts';
import type { Policy } from './policy.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';

export type Recorded = {
  /** ms since the epoch. */
  readonly at: number;
  /** `null`: there was no usable status file from then on. */
  readonly status: string | null;
  readonly sessionActive: boolean;
  readonly instance: string | null;
  /** True: the last beat was at `at`, and none came until the next entry. Default: it went on beating. */
  readonly silent?: boolean;
  readonly stopped?: boolean;
  /** What its work stood at until the next entry, however often it beat. Default: it got on with it. */
  readonly progress?: number | string;
};

type Replayed = { readonly at: number; readonly action: Action };

/** Beats between two recorded changes come this often, in parts of max-age. */
const beatsPerMaxAge = 3;

/**
 * Runs a recorded history through a policy, by the reducer that watches real bots: what would have been told, when
 * would it have been restarted? A restart changes nothing here, since what happened has happened.
 *
 * @param history changes of the status, the oldest first.
 * @param until the end of the history, in ms since the epoch.
 * @example
 * const restartsUnder = (recorded: readonly Recorded[], rules: Policy) =>
 *   replay(recorded, rules, Date.now()).filter(({ action }) => action.kind === 'restart').length;
 */
export const replay = (
  history: readonly Recorded[],
  policy: Policy,
  until: number,
  bot = 'bot',
): readonly Replayed[] => {
  const market = policy.marketHours === null ? null : readMarketHours(policy.marketHours);
  const beatMs = policy.health.maxAgeMs / beatsPerMaxAge;
  const actions: Replayed[] = [];
  const [start] = history;
  if (start === undefined) return actions;
  let state: SupervisorState = initialState(start.at, policy.restart.graceMs);
  let seen: Seen | undefined;
  let reading = readingOf(start, start.at);
  for (const [index, entry] of history.entries()) {
    const end = history[index + 1]?.at ?? until;
    const before = history[index - 1];
    // The same silence told twice adds no beat.
    const adds =
      entry.silent !== true || before === undefined || (before.silent !== true && before.status !== null);
    let beatAt = entry.at;
    // The last entry is looked at even where the history ends with it: it may be the recovery.
    const isLast = index === history.length - 1;
    for (let at = entry.at; at < end || (isLast && at === entry.at); ) {
      if (entry.silent !== true && at - beatAt >= beatMs) beatAt = at;
      if (adds) reading = readingOf(entry, beatAt);
      seen = see(seen, reading, at);
      const observation = observe({
        bot,
        reading,
        seen,
        now: at,
        wallNow: at,
        health: policy.health,
        market,
        command: null,
        chance: 1,
      });
      const decision = decide(state, { kind: 'look', seen: observation }, at, policy.restart);
      state = decision.state;
      for (const action of decision.actions) actions.push({ at, action });
      const beats = entry.silent !== true && entry.status !== null && entry.stopped !== true;
      const beatsAt = beats ? beatAt + beatMs : Number.POSITIVE_INFINITY;
      const next = Math.min(decision.lookAt ?? Number.POSITIVE_INFINITY, beatsAt);
      at += Math.max(1, Math.ceil(next - at));
    }
  }
  return actions;
};

const readingOf = (entry: Recorded, at: number): Reading => {
  const { status, sessionActive, instance, stopped = false, progress } = entry;
  if (status === null) return { kind: 'corrupt', problem: { code: 'empty' } };
  const record: StatusRecord = {
    status,
    ...splitIndicator(status),
    timestamp: new Date(at).toISOString(),
    updatedAt: at,
    sessionActive,
    stopped,
    ...(instance === null ? {} : { instance }),
    ...(progress === undefined ? {} : { progress }),
  };
  return { kind: 'beat', record };
};

/** Journal rows, the oldest first, as a history to replay: a row that says `stale` tells when the last beat had come. */
export const recordedOf = (rows: readonly Omit<BeatRow, 'id' | 'bot'>[]): readonly Recorded[] => {
  let last = Number.NEGATIVE_INFINITY;
  return rows.map(({ at, state, status, sessionActive, instance, ageMs }) => {
    // A clock that was set back, or a silence after a torn file, must not run the history backwards.
    last = Math.max(last, state === 'stale' ? at - (ageMs ?? 0) : at);
    return {
      at: last,
      status: state === 'unknown' ? null : status,
      sessionActive,
      instance,
      silent: state === 'stale',
      stopped: state === 'stopped',
    };
  });
};

/**
 * The same history with what is known of its work: from the beginning of a stall to its end every beat has the same
 * progress.
 *
 * @param stalls in the order of their beginnings; one that is open goes on to the end.
 */
export const withStalls = (
  history: readonly Recorded[],
  stalls: readonly StallRow[],
): readonly Recorded[] => {
  const spans = stalls.map(({ from, to, open }) => ({ from, to: open ? Number.POSITIVE_INFINITY : to }));
  let next = 0;
  /** The entry from an instant on; instants come in their order. */
  const from = (at: number, entry: Recorded): Recorded => {
    while ((spans[next]?.to ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    const stall = spans[next];
    return stall === undefined || stall.from > at
      ? { ...entry, at }
      : { ...entry, at, progress: `stall ${stall.from}` };
  };
  return history.flatMap((entry, index) => {
    const end = history[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const first = from(entry.at, entry);
    const cuts: number[] = [];
    // Only what beats has more than one beat to tell of.
    const beats = entry.silent !== true && entry.status !== null && entry.stopped !== true;
    for (let i = next; beats && (spans[i]?.from ?? end) < end; i += 1)
      cuts.push(spans[i]?.from ?? end, spans[i]?.to ?? end);
    const inside = cuts.filter((cut) => entry.at < cut && cut < end).sort((a, b) => a - b);
    return [first, ...inside.map((at) => from(at, entry))];
  });
};

/** The kind of what was done, for counts and tests: that of the notification, or of the action. */
export const kindOf = (action: Action): Notification['kind'] | Action['kind'] =>
  action.kind === 'notify' ? action.notification.kind : action.kind;
