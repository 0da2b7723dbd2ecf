import type { KeptState } from './kept-state.ts';
import type { LastBeat, SupervisorState } from './supervisor-state.ts';

/** By which clock a state was written down. */
export type KeptClock = {
  /** The process whose clock it is: another one counts from another beginning. */
  readonly of: string;
  /** By how much the wall clock was ahead of it, in ms. */
  readonly drift: number;
  /** When it was written down, on that clock; versions before 0.2 do not say. */
  readonly at?: number;
  /** For how long the machine had run then, in ms, in which of its starts; `null`: it does not say. */
  readonly up?: number;
  readonly boot?: string | null;
};

/** Clocks that go apart by less than this are the same: an instant that moved would be another one for those who were told it. */
const sameMs = 2000;

/** Who says by which clock it was; an earlier version did not. */
const clockOf = (kept: unknown): KeptClock | null => {
  const { clock } = (kept ?? {}) as { readonly clock?: Partial<KeptClock> | null };
  return typeof clock?.of === 'string' && typeof clock.drift === 'number' ? (clock as KeptClock) : null;
};

/** By how much they are to be moved by what the machine's own clock says, which nobody sets; `null`: it is another start. */
const movedByUptime = ({ at, up, boot }: KeptClock, here: Required<KeptClock>): number | null =>
  at === undefined || up === undefined || boot == null || boot !== here.boot || up > here.up
    ? null
    : here.at - (here.up - up) - at;

/**
 * By how much the instants of a state that was left are to be moved, in ms: a clock that was set, or a machine that slept,
 * while the monitor before lived has put its clock beside the wall's, and this monitor begins with the wall's. That a clock
 * was set while no monitor watched is seen by the clock of the machine's start; in another start what was written later than
 * now was written now at the latest.
 */
export const movedBy = (kept: unknown, here: Required<KeptClock>): number => {
  const clock = clockOf(kept);
  if (clock === null || clock.of === here.of) return 0;
  const byWall = clock.drift - here.drift;
  const byUptime = movedByUptime(clock, here);
  if (byUptime !== null && Math.abs(byUptime - byWall) > sameMs) return byUptime;
  return clock.at === undefined ? byWall : Math.min(byWall, here.at - clock.at);
};

/** The last beat in a state that was left, in ms since the epoch; `null`: it says nothing of one, or not by which clock. */
export const lastBeatIn = (kept: unknown): LastBeat | null => {
  const clock = clockOf(kept);
  const { lastBeat } = (kept ?? {}) as Partial<Pick<KeptState, 'lastBeat'>>;
  if (clock === null || typeof lastBeat?.key !== 'string' || typeof lastBeat.at !== 'number') return null;
  const at = lastBeat.at + clock.drift;
  return { key: lastBeat.key, at, latestAt: at, watched: lastBeat.watched === true };
};

/** The same state with all its instants moved by so many ms. */
export const moved = (state: SupervisorState, byMs: number): SupervisorState => {
  if (byMs === 0) return state;
  const by = (at: number) => at + byMs;
  const or = (at: number | null) => (at === null ? null : by(at));
  const { incident, grace, suspicion, ending, ended, restart, budget, runs, session, says, skew } = state;
  return {
    ...state,
    watchedSince: by(state.watchedSince),
    lastGoodAt: or(state.lastGoodAt),
    lastBeat: state.lastBeat && {
      ...state.lastBeat,
      at: by(state.lastBeat.at),
      latestAt: by(state.lastBeat.latestAt),
    },
    goneSince: or(state.goneSince),
    errorDueAt: or(state.errorDueAt),
    pausedUntil: or(state.pausedUntil),
    halt: state.halt && { ...state.halt, until: or(state.halt.until) },
    stop: state.stop && { ...state.stop, since: by(state.stop.since), goneAt: or(state.stop.goneAt) },
    obstacle: state.obstacle && { over: or(state.obstacle.over) },
    incidentEndedAt: or(state.incidentEndedAt),
    incident: incident && {
      ...incident,
      since: by(incident.since),
      toldAt: by(incident.toldAt),
      settleUntil: or(incident.settleUntil),
      remindAt: by(incident.remindAt),
      ack: incident.ack && { ...incident.ack, until: or(incident.ack.until) },
    },
    grace: grace && { until: by(grace.until), beatAfter: or(grace.beatAfter) },
    suspicion: suspicion && { ...suspicion, againAt: by(suspicion.againAt) },
    ending: ending && {
      ...ending,
      since: by(ending.since),
      killAt: by(ending.killAt),
      failAt: by(ending.failAt),
    },
    ended: ended && { ...ended, at: by(ended.at) },
    restart: restart && { ...restart, at: or(restart.at), commandDueAt: or(restart.commandDueAt) },
    budget: { ...budget, restarts: budget.restarts.map(by), nextAt: by(budget.nextAt) },
    runs: { ...runs, severalToldAt: or(runs.severalToldAt) },
    session: { ...session, lostSince: or(session.lostSince), toldAt: or(session.toldAt) },
    says: {
      ...says,
      told: Object.fromEntries(
        Object.entries(says.told).map(([topic, told]) => [topic, { ...told, toldAt: by(told.toldAt) }]),
      ),
      nakedSince: or(says.nakedSince),
    },
    skew: { ...skew, toldAt: or(skew.toldAt) },
  };
};
