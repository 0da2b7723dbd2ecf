import type { HealthPolicy, MarketHours } from '@sentinel/heartbeat-core';

/** One rung of the ladder: what is done about an incident that nobody has acknowledged for so long, in ms. */
export type Rung = { readonly afterMs: number } & (
  | { /** The name of a channel. */ readonly to: string }
  | { readonly run: 'on-exhausted' }
);

/** How an incident begins and ends, how restarts are made and bounded, when people are reminded. Lengths in ms. */
export type RestartPolicy = {
  /** False: no restart command was given, the monitor only watches and tells. */
  readonly enabled: boolean;
  /** How long a bot may take from its start to its first beat. Each restart opens it anew. */
  readonly graceMs: number;
  /** How many restarts there may be in any window; every restart counts, whatever came of it. */
  readonly most: number;
  /** The length of that window. */
  readonly windowMs: number;
  /** The wait after the first restart; it doubles with each one in the window, up to `longestBackoffMs`. */
  readonly backoffMs: number;
  readonly longestBackoffMs: number;
  /** How much of a wait is left to chance, from 0 to 1, so that many bots do not start in step. */
  readonly jitter: number;
  /** How long the restart command may run without a beat of a new start. `null`: see `command-limit.ts`. */
  readonly restartTimeoutMs: number | null;
  /** The age at which a beat is stale: without a beat that can be read nothing is ended before. Default: 0. */
  readonly maxAgeMs?: number;
  /** The monitor is the bot's parent: it sees the bot end, and nobody else starts it. Default: false. */
  readonly supervised?: boolean;
  /** A bot that ended with one of these exit codes is not restarted. */
  readonly noRestartOn?: readonly number[];
  /** The time between TERM and KILL. */
  readonly killAfterMs: number;
  /** A command is to be run, once in an incident, when the budget is spent. */
  readonly onExhausted: boolean;
  /** That command is not run where the last beat says that nothing is at stake. Default: false. */
  readonly onlyExposed?: boolean;
  /** How long positions may be without a resting stop before that is told; `null` or left out: not looked at. */
  readonly maxNakedMs?: number | null;
  /** How many looks in a row must find the bot unhealthy before that is an incident. */
  readonly failureThreshold: number;
  /** The time between two looks that count towards `failureThreshold`. */
  readonly recheckMs: number;
  /**
   * An incident that begins sooner than this after the end of the one before is a flap: it ends only when the bot has
   * been well for so long without a break.
   */
  readonly settleMs: number;
  /** How long a bot may report ❌ before that is an incident; `null`: it is none, however long. */
  readonly errorGraceMs: number | null;
  /** Nobody is notified by this monitor: an incident is told by the next one that notifies. Default: false. */
  readonly silent?: boolean;
  /** The first reminder of an incident that goes on; the next come at doubling intervals up to a day. */
  readonly remindMs: number;
  /** What is done about an incident that nobody acknowledges, the soonest first. Default: nothing. */
  readonly escalation?: readonly Rung[];
};

/** Five restarts an hour, waits of 10 s doubling to 5 minutes, TERM then KILL after 5 s, a reminder after an hour. */
export const defaultRestartPolicy: RestartPolicy = {
  enabled: true,
  graceMs: 5 * 60_000,
  most: 5,
  windowMs: 60 * 60_000,
  backoffMs: 10_000,
  longestBackoffMs: 5 * 60_000,
  jitter: 0.1,
  restartTimeoutMs: null,
  killAfterMs: 5000,
  onExhausted: false,
  failureThreshold: 1,
  recheckMs: 5000,
  settleMs: 5 * 60_000,
  errorGraceMs: null,
  remindMs: 60 * 60_000,
};

export type Policy = {
  readonly health: HealthPolicy;
  readonly restart: RestartPolicy;
  /** When the bot has to beat at all; `null`: always. Its age counts only while the market is open. */
  readonly marketHours: MarketHours | null;
};
