import {
  type Health,
  type HealthPolicy,
  healthStates,
  indicators,
  type Reading,
} from '@sentinel/heartbeat-core';
import { type Course, isMonitorAlive, type SelfTestOutcome } from '@sentinel/history';
import { beatAnswer } from './beat-answer.ts';
import { isoOrNull } from './iso.ts';
import { publicReason } from './reason.ts';
import { type Run, uptimeFrom, uptimeSeconds } from './run.ts';
import type { StatusAnswer } from './status-schema.ts';
import type { Supervised } from './supervision.ts';

export type StatusFacts = {
  readonly bot: string;
  readonly reading: Reading;
  readonly health: Health;
  readonly policy: HealthPolicy;
  /** Nobody has said its maximum age: neither who runs the API, nor a monitor. Default: somebody has. */
  readonly isUsualMaxAge?: boolean;
  readonly run: Run | undefined;
  readonly supervision: Supervised;
  readonly takesOrders: boolean;
  /** Default: none. */
  readonly tags?: readonly string[] | undefined;
  /** Default: none is known of. */
  readonly selfTest?: SelfTestOutcome | null;
  readonly warnings: readonly string[];
  /** Wall clock, ms since the epoch. */
  readonly now: number;
  readonly monotonicNow: number;
};

/** The answer of `GET /api/heartbeat/status`. Pure: the same facts give the same answer. */
export const statusOf = (facts: StatusFacts): StatusAnswer => {
  const { health, reading, supervision, now } = facts;
  const record = reading.kind === 'beat' ? reading.record : null;
  const reason = `${publicReason(health)}${byWhichAge(facts)}`;
  const alive = isMonitorAlive(supervision, now);
  const current = record !== null && healthStates[health.state].holds;
  return {
    status: record?.status ?? `${indicators.unknown.emoji} ${reason}`,
    timestamp: record?.timestamp ?? null,
    session_active: record?.sessionActive ?? false,
    uptime: uptimeSeconds(facts.run, reading, health.realAgeMs, facts.monotonicNow),
    last_update: record?.timestamp ?? null,
    uptime_from: uptimeFrom(facts.run, reading),
    health: health.state,
    reason,
    indicator: record === null ? indicators.unknown.emoji : record.indicator,
    age_seconds: health.ageMs === null ? null : Math.floor(health.ageMs / 1000),
    session: current ? (record.sessionActive ? 'active' : 'inactive') : 'unknown',
    instance: record?.instance ?? null,
    bot: facts.bot,
    // Who is stopped is not waited for.
    next_deadline: isoOrNull(
      health.state === 'stopped' || health.staleInMs === null ? null : now + health.staleInMs,
    ),
    restarts_left: supervision.restartsLeft,
    phase: alive ? supervision.phase : null,
    restart_safety: alive ? supervision.custody : null,
    tags: [...(facts.tags ?? [])],
    takes_orders: facts.takesOrders,
    paused_until: isoOrNull(stillAhead(supervision.pausedUntil, now)),
    closed_until: isoOrNull(health.closed ? (supervision.asked.market.lastClosure(now)?.to ?? null) : null),
    max_age_seconds: facts.policy.maxAgeMs / 1000,
    monitor: monitorAnswer(supervision, now),
    course: courseAnswer(supervision.course),
    ...beatAnswer(record),
    halted: supervision.halt?.why ?? record?.halted ?? null,
    halted_until: isoOrNull(supervision.halt?.until ?? null),
    halted_by_person: supervision.halt !== null,
    self_test: selfTestAnswer(facts.selfTest ?? null),
    warnings: [
      ...health.warnings.map(({ skewMs }) => skewWarning(skewMs)),
      ...byItsDate(facts),
      ...unwritten(supervision, now),
      ...facts.warnings,
    ],
  };
};

const selfTestAnswer = (outcome: SelfTestOutcome | null): StatusAnswer['self_test'] => {
  const at = isoOrNull(outcome?.at ?? null);
  return outcome === null || at === null ? null : { at, good: outcome.good, text: outcome.text };
};

/** It lives, and the journal does not show it. */
const writesNothing = (supervision: Supervised, now: number): boolean =>
  !isMonitorAlive(supervision, now) && isMonitorAlive({ seenAt: supervision.signAt, ended: false }, now);

const monitorAnswer = (supervision: Supervised, now: number): StatusAnswer['monitor'] => {
  const { seenAt, signAt } = supervision;
  return writesNothing(supervision, now)
    ? { alive: true, last_seen: isoOrNull(signAt) }
    : { alive: isMonitorAlive(supervision, now), last_seen: isoOrNull(seenAt) };
};

const unwritten = (supervision: Supervised, now: number): readonly string[] => {
  if (!writesNothing(supervision, now)) return [];
  const { seenAt } = supervision;
  const since = seenAt === null ? '' : ` since ${new Date(seenAt).toISOString()}`;
  return [`The monitor lives, but has written nothing of this bot into the journal${since}: see its log`];
};

const courseAnswer = (course: Course | null): StatusAnswer['course'] =>
  course === null
    ? null
    : {
        paused_by: course.pausedBy,
        paused_reason: course.pausedReason || null,
        incident_since: isoOrNull(course.incidentSince),
        acknowledged_by: course.ackBy,
        acknowledged_until: isoOrNull(course.ackUntil),
        snoozed: course.snoozed === true,
        attempt: course.attempt,
        most: course.most,
        waits_until: isoOrNull(course.waitsUntil),
        not_restarted: course.notRestarted,
        not_stopped: course.notStopped,
        stopped: course.stopped,
        stopped_at: isoOrNull(course.stoppedAt),
      };

/** A bot may be ill by an age that is not known here. */
const byWhichAge = ({ health, policy, isUsualMaxAge }: StatusFacts): string =>
  isUsualMaxAge === true && (health.state === 'healthy' || health.state === 'degraded')
    ? ` (by the API's own ${policy.maxAgeMs / 1000} s: no monitor's setting is known)`
    : '';

const stillAhead = (at: number | null, now: number) => (at !== null && at > now ? at : null);

/** A clock that is behind makes a bot older than it may be, until a beat is seen to come. */
const byItsDate = ({ health, supervision: { asked } }: StatusFacts): readonly string[] => {
  const { wasBehindMs } = asked;
  if (health.state !== 'stale' || wasBehindMs === null || wasBehindMs === undefined) return [];
  return [
    `The clock of the bot's machine was ${Math.round(wasBehindMs / 1000)} s behind, and no monitor lives: the age is by the date of the beat`,
  ];
};

const skewWarning = (skewMs: number) =>
  `The clock of the bot's machine is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'ahead' : 'behind'}: set it, or its time zone`;
