import { type Evidence, oneLine, type Reading } from '@sentinel/heartbeat-core';
import type { PersonCommand } from './input.ts';
import { beatKey } from './observe.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** A person wants that the bot does not run. Instants are in ms on the clock of the decisions. */
export type OwnerStop = {
  readonly by: string;
  readonly reason: string;
  /** When that was ordered. */
  readonly since: number;
  /** When it was seen not to run; `null`: it is being ended. */
  readonly goneAt: number | null;
  /** The run that has beaten since all the same, as far as that was told (`''`: it has no name); `null`: none has. */
  readonly ran: string | null;
};

/** In characters: it goes into a log line and a message. */
const mostReason = 500;

export const stopOf = ({ args, by }: PersonCommand, now: number): OwnerStop => ({
  by: oneLine(by),
  reason: typeof args.reason === 'string' ? oneLine(args.reason.slice(0, mostReason)) : '',
  since: now,
  goneAt: null,
  ran: null,
});

/** By whom, since when and why, in words. */
export const explainStop = ({ by, reason, since }: OwnerStop): string => {
  const at = new Date(since).toISOString();
  const when = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
  return `stopped by ${by} since ${when}${reason === '' ? '' : `: ${reason}`}`;
};

/** The last beat of a bot may be seen this long after its end, in ms. */
export const lastBeatMs = 2000;

/** What a judge goes by; `undefined`: nobody had it stopped. A beat of before is no newer, whatever it is dated. */
export const stopEvidence = (
  { stop, lastBeat }: Pick<SupervisorState, 'stop' | 'lastBeat'>,
  reading: Reading,
  now: number,
): Evidence['stoppedBy'] => {
  if (stop === null) return undefined;
  if (stop.goneAt === null) return { why: explainStop(stop), forMs: null };
  const isOfBefore =
    reading.kind === 'beat' &&
    lastBeat?.key === beatKey(reading.record) &&
    lastBeat.latestAt <= stop.goneAt + lastBeatMs;
  return { why: explainStop(stop), forMs: isOfBefore ? 0 : Math.max(0, now - stop.goneAt) };
};
