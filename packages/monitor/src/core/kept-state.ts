import type { KeptClock } from './moved.ts';
import type { Observation } from './observation.ts';
import type {
  Ended,
  Grace,
  Incident,
  LastBeat,
  Restart,
  SupervisorState,
  Suspicion,
  Writer,
} from './supervisor-state.ts';

/** What is grouped in the state stands flat in the journal. */
type Grouped = 'incident' | 'grace' | 'suspicion' | 'restart' | 'budget' | 'ended' | 'runs' | 'lastBeat';

/**
 * The state as it is in the journal: flat, as every version has written and read it. A version that is put back reads
 * what this one wrote. New keys may be added; a key that is there stays. Versions before 0.2 do not know `pausedBy`,
 * `untold`, `toldWell`, `ack`, `escalated`, `says`, `clock`, `endedWith`, `halt`, `stop` and `obstacle`, and earlier ones
 * not `lastBeat`, `stoppedRun` and `toStart`.
 */
export type KeptState = Omit<SupervisorState, Grouped> & {
  readonly incidentSince: number | null;
  readonly toldAt: number | null;
  readonly settleUntil: number;
  readonly remindAt: number | null;
  readonly untold: boolean;
  readonly toldWell: boolean;
  readonly graceUntil: number;
  readonly beatAfter: number | null;
  readonly looks: number;
  readonly lookAgainAt: number;
  readonly restartedAt: number | null;
  readonly restarts: readonly number[];
  readonly nextRestartAt: number;
  readonly unsafeTold: string | null;
  readonly amnesia: boolean;
  readonly endedAt: number | null;
  readonly endedByUs: boolean;
  readonly goodbyeOf: string | null;
  readonly writers: readonly Writer[];
  readonly duplicateToldAt: number | null;
  /** By which clock its instants are. */
  readonly clock?: KeptClock;
  readonly lastBeat: (Pick<LastBeat, 'key' | 'at'> & Partial<LastBeat>) | null;
} & Pick<Incident, 'flapping' | 'reminders' | 'ack' | 'escalated' | 'exhausted' | 'lastResortRun'> &
  Pick<Restart, 'attempt' | 'runsBefore' | 'replaced' | 'commandDueAt' | 'commandFailed'>;

/** What must be there for a value to be a state: everything else an earlier version may not have known. */
type Known = Pick<KeptState, 'phase' | 'restarts' | 'graceUntil' | 'nextRestartAt'>;
/** A state of this or an earlier version, which named one run before a restart. */
export type Earlier = Known & Partial<KeptState> & { readonly runBefore?: string | null };

export const pack = (state: SupervisorState): KeptState => {
  // What is flat in the journal; the rest stands there as it is.
  const { incident, grace, suspicion, restart, budget, ended, runs, ...same } = state;
  return {
    ...same,
    ...packIncident(incident),
    graceUntil: grace?.until ?? 0,
    beatAfter: grace?.beatAfter ?? null,
    looks: suspicion?.looks ?? 0,
    lookAgainAt: suspicion?.againAt ?? 0,
    ...packRestart(restart),
    unsafeTold: budget.unsafeTold,
    amnesia: budget.amnesia,
    restarts: budget.restarts,
    nextRestartAt: budget.nextAt,
    endedAt: ended?.at ?? null,
    endedByUs: ended?.byUs ?? false,
    goodbyeOf: ended?.stoppedRun ?? null,
    writers: runs.writers,
    duplicateToldAt: runs.severalToldAt,
  };
};

/**
 * Nothing but one more beat of a healthy bot lies between the two states. Its date says when it came, so a monitor that dies
 * before that is written takes it for no younger than it is: one whose clock is off, or that may be a copy, does not say so.
 */
export const isBeatAlone = (
  before: SupervisorState | null,
  after: SupervisorState,
  { health, doubted }: Pick<Observation, 'health' | 'doubted'>,
): boolean => {
  if (before === null || doubted || health.state !== 'healthy' || health.warnings.length > 0) return false;
  const { lastBeat, lastGoodAt, ...others } = after;
  return Object.entries(others).every(([key, value]) => before[key as keyof SupervisorState] === value);
};

const packIncident = (incident: Incident | null) => ({
  incidentSince: incident?.since ?? null,
  toldAt: incident?.toldAt ?? null,
  flapping: incident?.flapping ?? false,
  settleUntil: incident?.settleUntil ?? 0,
  reminders: incident?.reminders ?? 0,
  remindAt: incident?.remindAt ?? null,
  untold: incident?.untold ?? false,
  toldWell: incident?.toldWell ?? false,
  ack: incident?.ack ?? null,
  escalated: incident?.escalated ?? [],
  exhausted: incident?.exhausted ?? false,
  lastResortRun: incident?.lastResortRun ?? false,
});

const packRestart = (restart: Restart | null) => ({
  restartedAt: restart?.at ?? null,
  attempt: restart?.attempt ?? 0,
  runsBefore: restart?.runsBefore ?? [],
  replaced: restart?.replaced ?? ('known' as const),
  commandDueAt: restart?.commandDueAt ?? null,
  commandFailed: restart?.commandFailed ?? false,
});

export const unpack = (kept: Earlier): SupervisorState => ({
  phase: kept.phase,
  watchedSince: kept.watchedSince ?? 0,
  lastGoodAt: kept.lastGoodAt ?? null,
  lastBeat: kept.lastBeat ? { latestAt: kept.lastBeat.at, watched: false, ...kept.lastBeat } : null,
  goneSince: kept.goneSince ?? null,
  endedWith: kept.endedWith ?? null,
  errorDueAt: kept.errorDueAt ?? null,
  pausedUntil: kept.pausedUntil ?? null,
  pausedBy: kept.pausedBy ?? null,
  halt: kept.halt ?? null,
  stop: kept.stop ?? null,
  obstacle: kept.obstacle ?? null,
  toStart: kept.toStart ?? false,
  incident: unpackIncident(kept),
  incidentEndedAt: kept.incidentEndedAt ?? null,
  grace: unpackGrace(kept),
  suspicion: unpackSuspicion(kept),
  ending: kept.ending ?? null,
  ended: unpackEnded(kept),
  stoppedRun: kept.stoppedRun ?? null,
  restart: unpackRestart(kept),
  budget: {
    restarts: kept.restarts,
    nextAt: kept.nextRestartAt,
    amnesia: kept.amnesia ?? false,
    unsafeTold: kept.unsafeTold ?? null,
  },
  runs: { writers: kept.writers ?? [], severalToldAt: kept.duplicateToldAt ?? null },
  session: { run: null, active: false, lostSince: null, toldAt: null, open: false, ...kept.session },
  says: { told: {}, nakedSince: null, exposure: null, ...kept.says },
  skew: { open: false, toldAt: null, ...kept.skew },
});

const unpackIncident = (kept: Earlier): Incident | null => {
  const { incidentSince: since = null, toldAt, flapping = false, settleUntil = 0, reminders = 0 } = kept;
  if (since === null) return null;
  const { exhausted = false, lastResortRun = false, remindAt } = kept;
  return {
    since,
    toldAt: toldAt ?? since,
    flapping,
    settleUntil: settleUntil === 0 ? null : settleUntil,
    reminders,
    // No version has left none; who resumes brings it near.
    remindAt: remindAt ?? Number.MAX_SAFE_INTEGER,
    ...(kept.untold === true ? { untold: true } : {}),
    ...(kept.toldWell === true ? { toldWell: true } : {}),
    ack: kept.ack ?? null,
    escalated: kept.escalated ?? [],
    exhausted,
    lastResortRun,
  };
};

const unpackGrace = ({ graceUntil: until, beatAfter = null }: Earlier): Grace | null =>
  until === 0 && beatAfter === null ? null : { until, beatAfter };

const unpackSuspicion = ({ phase, looks = 0, lookAgainAt: againAt = 0 }: Earlier): Suspicion | null =>
  phase === 'suspect' ? { looks, againAt } : null;

const unpackEnded = ({ endedAt: at = null, endedByUs, goodbyeOf }: Earlier): Ended | null =>
  at === null ? null : { at, byUs: endedByUs ?? false, stoppedRun: goodbyeOf ?? null };

const unpackRestart = (kept: Earlier): Restart | null => {
  const { restartedAt: at = null, attempt = 0, runBefore = null, commandDueAt = null } = kept;
  const runsBefore = kept.runsBefore ?? (runBefore === null ? [] : [runBefore]);
  if (at === null && attempt === 0 && runsBefore.length === 0 && commandDueAt === null) return null;
  const { replaced = 'known', commandFailed = false } = kept;
  return { at, attempt, runsBefore, replaced, commandDueAt, commandFailed };
};
