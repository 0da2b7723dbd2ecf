import type { Phase } from './phases.ts';

/** A run of the bot, as its beats name it. */
export type Writer = { readonly instance: string; readonly pid: number | null; readonly host: string | null };

/** Everything the supervisor remembers of one bot: plain data, kept on disk. Instants are in ms. */
export type SupervisorState = {
  readonly phase: Phase;
  /** Since when the bot has been unhealthy, in an incident that was told; `null` while there is none. */
  readonly incidentSince: number | null;
  /** When the last incident ended. */
  readonly incidentEndedAt: number | null;
  /** This incident began so soon after the one before that it ends only when the bot stays well. */
  readonly flapping: boolean;
  readonly settleUntil: number;
  /** Until when a started bot is given time for its first beat. */
  readonly graceUntil: number;
  /** A jump of the clocks gave a grace: only a beat after this instant ends it, and no other one is given before. */
  readonly beatAfter: number | null;
  /** Looks in a row that found the bot unhealthy, and when the next one counts. */
  readonly looks: number;
  readonly lookAgainAt: number;
  /** The run of the bot that beat before the last restart: only a beat of another one proves the restart. */
  readonly runBefore: string | null;
  /** When the monitor last ended the bot, or what its restart command had started; `null` once the bot was well. */
  readonly endedAt: number | null;
  /** The run that has said goodbye because of that. */
  readonly goodbyeOf: string | null;
  /** When the last restart was decided, and which one of its window it was. */
  readonly restartedAt: number | null;
  readonly attempt: number;
  /** Restarts of the window. */
  readonly restarts: readonly number[];
  readonly nextRestartAt: number;
  /** When a restart command that still runs is ended; `null`: none is awaited. */
  readonly commandDueAt: number | null;
  /** The budget was spent in this incident. */
  readonly exhausted: boolean;
  /** The command of a spent budget was run in this incident. */
  readonly lastResortRun: boolean;
  readonly pausedUntil: number | null;
  readonly reminders: number;
  readonly remindAt: number | null;
  /** When a ❌ that lasts becomes an incident; `null` while the bot reports none. */
  readonly errorDueAt: number | null;
  /** The last runs of the bot, in the order in which their beats were seen. */
  readonly writers: readonly Writer[];
  readonly duplicateToldAt: number | null;
  readonly session: {
    readonly run: string | null;
    readonly active: boolean;
    /** Since when a session that was there is gone; `null`: it is there, or never was. */
    readonly lostSince: number | null;
    readonly toldAt: number | null;
    /** The loss was told, and its end was not yet. */
    readonly open: boolean;
  };
  readonly skew: { readonly open: boolean; readonly toldAt: number | null };
};

/** What is remembered of a bot that is seen for the first time. */
export const initialState = (now: number, graceMs: number): SupervisorState => ({
  phase: 'starting',
  incidentSince: null,
  incidentEndedAt: null,
  flapping: false,
  settleUntil: 0,
  graceUntil: now + graceMs,
  beatAfter: null,
  looks: 0,
  lookAgainAt: 0,
  runBefore: null,
  endedAt: null,
  goodbyeOf: null,
  restartedAt: null,
  attempt: 0,
  restarts: [],
  nextRestartAt: 0,
  commandDueAt: null,
  exhausted: false,
  lastResortRun: false,
  pausedUntil: null,
  reminders: 0,
  remindAt: null,
  errorDueAt: null,
  writers: [],
  duplicateToldAt: null,
  session: { run: null, active: false, lostSince: null, toldAt: null, open: false },
  skew: { open: false, toldAt: null },
});
