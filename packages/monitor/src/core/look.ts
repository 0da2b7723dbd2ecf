import type { HealthState } from '@sentinel/heartbeat-core';
import { seeSkew } from './clock-skew.ts';
import { seeCommandEnd } from './command-limit.ts';
import { seeForeign, seeSeveral, seeWriter } from './duplicates.ts';
import { noteExitCode } from './exit-code.ts';
import { isObstructed } from './may-act.ts';
import type { Observation } from './observation.ts';
import { endHalt } from './owner-halt.ts';
import type { RestartPolicy } from './policy.ts';
import { isOfOldStart } from './proof.ts';
import { remind } from './reminders.ts';
import { seeSays } from './says.ts';
import { seeSession } from './session.ts';
import { andThen, type Handler, joined, type Step, silently, sooner } from './step.ts';
import { asParent } from './steps/as-parent.ts';
import { awaitFirst, confirm, doubt, doubtBeat, doubtEnd, firstBeat } from './steps/doubt.ts';
import { end, timeOut } from './steps/ending.ts';
import { escalate } from './steps/escalate.ts';
import { recover, seeOtherRun, settle, stop, wake } from './steps/incident.ts';
import { awaitStart, prove } from './steps/outcome.ts';
import { retry, returnIn } from './steps/restart.ts';
import { whileStopped } from './steps/stopping.ts';
import { isStopByUs, lookForStop, noteStopByUs } from './stop-by-us.ts';
import type { LastBeat, SupervisorState } from './supervisor-state.ts';
import { type LookRule, table } from './table.ts';

const nothing: Handler = (state) => silently(state);

const handlers = {
  awaitFirst,
  firstBeat,
  stay: nothing,
  doubt,
  doubtBeat,
  doubtEnd,
  wake,
  recover,
  confirm,
  retry,
  returnIn,
  needPerson: nothing,
  prove,
  awaitStart,
  timeOut,
  end,
  onlyProcesses: nothing,
  settle,
  stop,
  withReading: nothing,
} satisfies Record<LookRule, Handler>;

const endPause: Handler = (state, _seen, now) =>
  state.pausedUntil !== null && now >= state.pausedUntil
    ? silently({ ...state, pausedUntil: null, pausedBy: null })
    : silently(state, state.pausedUntil);

/** A beat that comes after another one is no older than that, whatever its date says. */
const lastBeatOf = (
  key: string,
  at: number,
  { foundAt, watched, doubted }: Observation,
  { lastBeat }: SupervisorState,
  now: number,
): LastBeat => {
  const latestAt = foundAt ?? now;
  return {
    ...{ key, at: Math.min(latestAt, Math.max(at, lastBeat?.at ?? at)), latestAt, watched },
    ...(doubted ? { doubted } : {}),
  };
};

/** When the bot last gave a beat that could be read, and since when its process is gone. */
const seeLife: Handler = (state, seen, now) => {
  const { beat, beatAt, health, processes } = seen;
  const isOther = beat !== null && beatAt !== null && beat !== state.lastBeat?.key;
  const isNew = beatAt !== null && beatAt !== state.lastGoodAt && health.reason.kind !== 'dated-in-future';
  const isGone = processes.writer === 'gone';
  // A beat that came after that is of another run: it has ended too, and not before.
  const isAnotherEnd = isGone && isOther && state.goneSince !== null && beatAt > state.goneSince;
  const isNews = isGone !== (state.goneSince !== null) || isAnotherEnd;
  if (!isOther && !isNew && !isNews) return silently(state);
  return silently({
    ...state,
    lastBeat: isOther ? lastBeatOf(beat, beatAt, seen, state, now) : state.lastBeat,
    lastGoodAt: isNew ? beatAt : state.lastGoodAt,
    goneSince: isNews ? (isGone ? now : null) : state.goneSince,
  });
};

/** What keeps beats from being read or written, and when that is over. A beat that comes then is all that was waited for. */
export const seeObstacle: Handler = (state, seen, now, policy) => {
  const { obstacle, lastGoodAt } = state;
  const is = isObstructed(seen, policy);
  if (obstacle === null) return silently(is ? { ...state, obstacle: { over: null } } : state);
  if (is !== (obstacle.over === null)) return silently({ ...state, obstacle: { over: is ? null : now } });
  return silently(
    obstacle.over !== null && (lastGoodAt ?? 0) > obstacle.over ? { ...state, obstacle: null } : state,
  );
};

/** A beat that was seen before came when it was seen first, whoever saw it, and whatever became of the clocks since. */
export const asSeenBefore = ({ lastBeat }: SupervisorState, seen: Observation): Observation =>
  lastBeat !== null && seen.beat === lastBeat.key && seen.beatAt !== null && lastBeat.at < seen.beatAt
    ? { ...seen, beatAt: lastBeat.at }
    : seen;

/** A bot that reports ❌ is given time; the instant at which that is over is kept. */
const seeError: Handler = (state, { health }, now, { errorGraceMs }) => {
  const inError = health.reason.kind === 'reports-error' && errorGraceMs !== null;
  const errorDueAt = inError ? (state.errorDueAt ?? now + errorGraceMs) : null;
  const isOver = errorDueAt !== null && now >= errorDueAt;
  return silently(
    errorDueAt === state.errorDueAt ? state : { ...state, errorDueAt },
    isOver ? null : errorDueAt,
  );
};

/** The command that runs is the bot itself: it stays in the foreground, and beats. */
const seeForeground: Handler = (state, seen) => {
  const { restart: last } = state;
  const beats = last !== null && last.commandDueAt !== null && seen.beatAt !== null;
  return silently(
    beats && !isOfOldStart(state, seen) ? { ...state, restart: { ...last, commandDueAt: null } } : state,
  );
};

/** What a look says whatever the phase is, and what people are told beside the incident. */
const aside: readonly Handler[] = [
  endPause,
  endHalt,
  seeLife,
  seeObstacle,
  noteExitCode,
  seeError,
  seeForeground,
  seeCommandEnd,
  seeOtherRun,
  noteStopByUs,
  seeWriter,
  seeSeveral,
  seeForeign,
  seeSession,
  seeSays,
  seeSkew,
];
/** What depends on what the phase has made of the look. */
const after: readonly Handler[] = [escalate, remind, lookForStop];

/**
 * The column of the table. A ❌ that has lasted for too long counts as `stuck`, and a planned stop that the monitor itself
 * has brought about as `down`.
 */
const columnOf = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): HealthState => {
  const { state: health } = seen.health;
  if (health === 'degraded' && state.errorDueAt !== null && now >= state.errorDueAt) return 'stuck';
  return health === 'stopped' && isStopByUs(state, seen, policy) ? 'down' : health;
};

/** One look may lead through phases: suspected, told, restarted. It ends where nothing more is due. */
const throughPhases: Handler = (given, seen, now, policy) => {
  if (given.stop !== null && given.phase !== 'ending') return whileStopped(given, seen, now, policy);
  let step: Step = silently(given);
  for (;;) {
    const { phase } = step.state;
    for (const column of ['time', 'reading'] as const) {
      const { state } = step;
      const key = column === 'time' ? 'time' : columnOf(state, seen, now, policy);
      const next = handlers[table[state.phase][key]](state, seen, now, policy);
      step = joined(step, next);
      // What this look says of the bot is of the one before.
      const isStopped = next.state.stop !== null && next.state.phase !== 'ending';
      if (isStopped || next.actions.some(({ kind }) => kind === 'restart'))
        return { ...step, lookAt: next.lookAt };
      // A phase that is left has no deadline any more.
      if (next.state.phase !== state.phase) step = { ...step, lookAt: null };
      if (step.state.phase !== phase) break;
    }
    if (step.state.phase === phase) return step;
  }
};

const inTurn =
  (handlers: readonly Handler[]): Handler =>
  (given, seen, now, policy) => {
    let step: Step = silently(given);
    for (const handler of handlers) step = joined(step, handler(step.state, seen, now, policy));
    return step;
  };

/** A judged reading, with what the processes and the command say. */
export const seeLook = (
  given: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
  heldBack: boolean,
): Step => {
  const first = inTurn(aside)(given, seen, now, policy);
  if (!given.toStart || given.stop !== null)
    return andThen(first, (state) => judged(state, seen, now, policy));
  const start = andThen(first, (state) => asParent(state, seen, now, policy));
  // What was to be started and could not be is still to be started.
  const step = heldBack ? { ...start, state: { ...start.state, toStart: true } } : start;
  // This look knows nothing of the bot that is started with it: what it says is gone is the bot before.
  const isBegun = step.actions.some(({ kind }) => kind === 'restart' || kind === 'end');
  return andThen(step, (state) => (isBegun ? lookForStop : judged)(state, seen, now, policy));
};

const judged = (state: SupervisorState, seen: Observation, now: number, policy: RestartPolicy): Step => {
  const { changesInMs } = seen.health;
  const changesAt = changesInMs === null || changesInMs <= 0 ? null : now + changesInMs;
  const step = inTurn([throughPhases, ...after])(state, seen, now, policy);
  return { ...step, lookAt: sooner(step.lookAt, changesAt) };
};
