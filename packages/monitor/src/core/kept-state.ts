import type { KeptClock } from './moved.ts';
import type { Phase } from './phases.ts';
import type {
  Ended,
  Ending,
  Grace,
  Incident,
  LastBeat,
  Replaced,
  Restart,
  Says,
  Session,
  SupervisorState,
  Suspicion,
  Writer,
} from './supervisor-state.ts';

/**
 * The state as it is in the journal: flat, as every version has written and read it. A version that is put back reads
 * what this one wrote. New keys may be added; a key that is there stays.
 */
export type KeptState = {
  readonly phase: Phase;
  readonly incidentSince: number | null;
  readonly toldAt: number | null;
  readonly incidentEndedAt: number | null;
  readonly flapping: boolean;
  readonly settleUntil: number;
  readonly graceUntil: number;
  readonly beatAfter: number | null;
  readonly looks: number;
  readonly lookAgainAt: number;
  readonly runsBefore: readonly string[];
  readonly replaced: Replaced;
  readonly ending: Ending | null;
  readonly goneSince: number | null;
  readonly lastGoodAt: number | null;
  readonly watchedSince: number;
  readonly unsafeTold: string | null;
  readonly amnesia: boolean;
  readonly commandFailed: boolean;
  readonly endedAt: number | null;
  readonly endedByUs: boolean;
  readonly goodbyeOf: string | null;
  readonly restartedAt: number | null;
  readonly attempt: number;
  readonly restarts: readonly number[];
  readonly nextRestartAt: number;
  readonly commandDueAt: number | null;
  readonly exhausted: boolean;
  readonly lastResortRun: boolean;
  readonly pausedUntil: number | null;
  /** Not known to versions before 0.2. */
  readonly pausedBy: SupervisorState['pausedBy'];
  readonly reminders: number;
  readonly remindAt: number | null;
  /** Not known to versions before 0.2. */
  readonly untold: boolean;
  /** Not known to versions before 0.2. */
  readonly toldWell: boolean;
  /** Not known to versions before 0.2. */
  readonly ack: Incident['ack'];
  /** Not known to versions before 0.2. */
  readonly escalated: Incident['escalated'];
  readonly errorDueAt: number | null;
  readonly writers: readonly Writer[];
  readonly duplicateToldAt: number | null;
  readonly session: Session;
  readonly skew: { readonly open: boolean; readonly toldAt: number | null };
  /** Not known to versions before 0.2. */
  readonly says: Says;
  /** By which clock its instants are; versions before 0.2 do not say. */
  readonly clock?: KeptClock;
  /** An earlier version does not know it. */
  readonly lastBeat: (Pick<LastBeat, 'key' | 'at'> & Partial<LastBeat>) | null;
  /** Not known to versions before 0.2. */
  readonly endedWith: number | null;
  /** An earlier version does not know it. */
  readonly stoppedRun: string | null;
  /** Not known to versions before 0.2. */
  readonly halt: SupervisorState['halt'];
  /** Not known to versions before 0.2. */
  readonly stop: SupervisorState['stop'];
  /** Not known to versions before 0.2. */
  readonly obstacle: SupervisorState['obstacle'];
  /** An earlier version does not know it, and each start sets it anew. */
  readonly toStart: boolean;
};

/** What must be there for a value to be a state: everything else an earlier version may not have known. */
type Known = Pick<KeptState, 'phase' | 'restarts' | 'graceUntil' | 'nextRestartAt'>;
/** A state of this or an earlier version, which named one run before a restart. */
export type Earlier = Known & Partial<KeptState> & { readonly runBefore?: string | null };

export const pack = (state: SupervisorState): KeptState => ({
  phase: state.phase,
  ...packIncident(state.incident),
  incidentEndedAt: state.incidentEndedAt,
  graceUntil: state.grace?.until ?? 0,
  beatAfter: state.grace?.beatAfter ?? null,
  looks: state.suspicion?.looks ?? 0,
  lookAgainAt: state.suspicion?.againAt ?? 0,
  ...packRestart(state.restart),
  ending: state.ending,
  goneSince: state.goneSince,
  lastGoodAt: state.lastGoodAt,
  watchedSince: state.watchedSince,
  unsafeTold: state.budget.unsafeTold,
  amnesia: state.budget.amnesia,
  endedAt: state.ended?.at ?? null,
  endedByUs: state.ended?.byUs ?? false,
  goodbyeOf: state.ended?.stoppedRun ?? null,
  restarts: state.budget.restarts,
  nextRestartAt: state.budget.nextAt,
  pausedUntil: state.pausedUntil,
  pausedBy: state.pausedBy,
  errorDueAt: state.errorDueAt,
  writers: state.runs.writers,
  duplicateToldAt: state.runs.severalToldAt,
  session: state.session,
  says: state.says,
  skew: state.skew,
  lastBeat: state.lastBeat,
  endedWith: state.endedWith,
  stoppedRun: state.stoppedRun,
  halt: state.halt,
  stop: state.stop,
  obstacle: state.obstacle,
  toStart: state.toStart,
});

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
