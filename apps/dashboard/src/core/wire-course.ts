import { asBoolean, asInstant, asNumber, asRecord, asText, type Json } from './json.ts';

export type Course = {
  readonly pausedBy: string | null;
  readonly pausedReason: string | null;
  readonly incidentSince: number | null;
  readonly ackBy: string | null;
  readonly ackUntil: number | null;
  readonly snoozed: boolean;
  readonly attempt: number | null;
  readonly most: number | null;
  readonly waitsUntil: number | null;
  readonly notRestarted: string | null;
  /** Why the monitor would refuse to stop it. */
  readonly notStopped: string | null;
  /** Who had the bot stopped, since when and why, in words; and when it was seen not to run. */
  readonly stopped: string | null;
  readonly stoppedAt: number | null;
};

export const parseCourse = (value: Json): Course | null => {
  if (value === null || value === undefined) return null;
  const of = asRecord(value);
  return {
    pausedBy: asText(of.paused_by),
    pausedReason: asText(of.paused_reason),
    incidentSince: asInstant(of.incident_since),
    ackBy: asText(of.acknowledged_by),
    ackUntil: asInstant(of.acknowledged_until),
    snoozed: asBoolean(of.snoozed),
    attempt: asNumber(of.attempt),
    most: asNumber(of.most),
    waitsUntil: asInstant(of.waits_until),
    notRestarted: asText(of.not_restarted),
    notStopped: asText(of.not_stopped),
    stopped: asText(of.stopped),
    stoppedAt: asInstant(of.stopped_at),
  };
};
