import type { HealthState } from '@sentinel/heartbeat-core';
import type { Phase } from './phases.ts';

/** How one bot is and how it is watched, for live lines, status files and service managers. Instants: ms since the epoch. */
export type BotView = {
  readonly name: string;
  readonly state: HealthState;
  /** Where the supervision of the bot stands. */
  readonly phase: Phase;
  /** One line for a person. */
  readonly reason: string;
  /** What the supervision waits for, in words. */
  readonly standing: string;
  readonly ageMs: number | null;
  /** In how many ms the beat turns stale; negative when it is overdue, `null` without a beat. */
  readonly staleInMs: number | null;
  /** `null`: restarts are not the monitor's task. */
  readonly restartsLeft: number | null;
  /** Since when an incident that was told is open. */
  readonly incidentSince: number | null;
  readonly pausedUntil: number | null;
  /** The market is closed: no beat is asked for. */
  readonly closed: boolean;
  /** How far it could be restarted safely, in words; `null`: restarts are off. */
  readonly custody: string | null;
};
