import type { Phase } from './phases.ts';

/** A run of the bot, as its beats name it. */
export type Writer = { readonly instance: string; readonly pid: number | null; readonly host: string | null };

/** The end of the bot before, under way. Instants are in ms. */
export type Ending = {
  /** `timeout`: the restart command ran for too long, and no beat of a new start came. */
  readonly purpose: 'restart' | 'start' | 'timeout';
  readonly since: number;
  /** When what is still there gets KILL. */
  readonly killAt: number;
  /** When it is given up: what is still there cannot be ended. */
  readonly failAt: number;
  readonly killed: boolean;
};

/**
 * What was known of the runs before when the command was run. `known`: they were seen to be gone. `nothing`: there was
 * none. `command`: the command ends them by itself. `unknown`: no process ran the bot's program, and that is all.
 */
export type Replaced = 'known' | 'nothing' | 'command' | 'unknown';

/** Everything the supervisor remembers of one bot: plain data, kept on disk. Instants are in ms. */
export type SupervisorState = {
  readonly phase: Phase;
  /** Since when the bot has been unhealthy, in an incident that was told; `null` while there is none. */
  readonly incidentSince: number | null;
  /** When that was told: the last beat until then belongs to the incident. */
  readonly toldAt: number | null;
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
  /** The runs of the bot that beat before the last restart: only a beat of another one proves it. */
  readonly runsBefore: readonly string[];
  readonly replaced: Replaced;
  readonly ending: Ending | null;
  /** Since when its process is known to be gone. */
  readonly goneSince: number | null;
  /** When the last beat came that could be read. */
  readonly lastGoodAt: number | null;
  /** When this monitor began to watch it. */
  readonly watchedSince: number;
  /** Why a restart is not safe, as far as it was told in this incident. */
  readonly unsafeTold: string | null;
  /** What was known before is lost with a damaged journal: until a person says `reset` one restart an hour is made. */
  readonly amnesia: boolean;
  /** In this incident the restart command was seen not to end the run before it. */
  readonly commandFailed: boolean;
  /** When the monitor last ended the bot, or what its restart command had started; `null` once the bot was well. */
  readonly endedAt: number | null;
  /** The monitor ended it, and it did not end by itself. */
  readonly endedByUs: boolean;
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
  toldAt: null,
  incidentEndedAt: null,
  flapping: false,
  settleUntil: 0,
  graceUntil: now + graceMs,
  beatAfter: null,
  looks: 0,
  lookAgainAt: 0,
  runsBefore: [],
  replaced: 'known',
  ending: null,
  goneSince: null,
  lastGoodAt: null,
  watchedSince: now,
  unsafeTold: null,
  amnesia: false,
  commandFailed: false,
  endedAt: null,
  endedByUs: false,
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
