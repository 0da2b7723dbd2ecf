import type { BotKeeper } from '@sentinel/notify';
import type { Custody } from '../custody/custody.ts';
import { exitDueAt, forbidsRestart } from './exit-code.ts';
import type { Observation } from './observation.ts';
import type { RestartPolicy } from './policy.ts';
import { askedPerson } from './says.ts';
import type { LastBeat, SupervisorState } from './supervisor-state.ts';

/** Whoever else looks after the bot, systemd say, has this long to start it again, in ms. */
export const goneWaitMs = 10_000;

/**
 * When a bot that is not well may be ended and started, in ms; infinity: not on this evidence. A beat that is too old, a
 * stall and a ❌ are evidence. A file that gives no beat is none: it forbids both until max-age has passed since the last
 * beat that could be read, and since the file was seen to change last, unless the bot's process is known to be gone. Nor is a date: a clock that is behind makes each
 * beat old. One that came while no monitor watched may be as young as the look that found it.
 */
export const actableAt = (state: Evidenced, seen: Observation, now: number, policy: RestartPolicy): number =>
  Math.max(
    onEvidenceAt(state, seen, now, policy),
    keptUntil(seen, now),
    clearedUntil(state, seen, policy),
    writtenUntil(seen, policy),
  );

/** Whoever writes the file lives, whatever is in it: nothing that lives is ended, and beside it nothing is started. */
export const writtenUntil = (seen: Observation, { maxAgeMs = 0 }: RestartPolicy): number => {
  const { written = null, processes } = seen;
  return written === null || (processes.writer === 'gone' && !wouldEnd(seen)) ? 0 : written.at + maxAgeMs;
};

/** What kept its beats from being read or written is over: a bot that is well has time to show that. */
const clearedUntil = (
  { obstacle }: Evidenced,
  { processes }: Observation,
  { graceMs, maxAgeMs = 0 }: RestartPolicy,
): number =>
  obstacle === null || obstacle.over === null || processes.writer === 'gone'
    ? 0
    : obstacle.over + Math.max(graceMs, maxAgeMs);

/** What had started the bot waits before it starts the next one: nothing is started beside that. */
export const keptUntil = ({ processes: { custody } }: Observation, now: number): number =>
  custody?.kind === 'gone' && custody.keeper !== undefined ? now + custody.keeper.waitMs : 0;

/** What had started the bot that is gone, and may start it again; `null`: nothing is known to. */
export const keeperOf = (custody: Custody | null): BotKeeper | null =>
  custody?.kind === 'gone' && custody.keeper !== undefined
    ? { pid: custody.keeper.pid, unit: custody.keeper.unit }
    : null;

type Evidenced = Pick<
  SupervisorState,
  'goneSince' | 'lastGoodAt' | 'lastBeat' | 'watchedSince' | 'says' | 'runs' | 'halt' | 'obstacle'
>;

const onEvidenceAt = (state: Evidenced, seen: Observation, now: number, policy: RestartPolicy): number => {
  const { health, processes, reading, everBeat } = seen;
  if (forbidsRestart(processes.exitCode, policy)) return Number.POSITIVE_INFINITY;
  // A restart would only ask the person again, or trade on where a person has halted it.
  if (state.halt !== null || askedPerson(state) !== null) return Number.POSITIVE_INFINITY;
  const exitAt = exitDueAt(state, seen, now, policy);
  if (exitAt !== null) return exitAt;
  if (processes.writer === 'gone' && health.state !== 'stale' && !livesAnotherRun(state, seen))
    return (state.goneSince ?? now) + (policy.supervised === true ? 0 : goneWaitMs);
  const maxAgeMs = policy.maxAgeMs ?? 0;
  const latestAt = isDateDoubtful(state.lastBeat) ? (state.lastBeat?.latestAt ?? 0) : 0;
  if (processes.writer === 'gone' && health.state === 'down')
    return Math.max(state.lastGoodAt ?? state.watchedSince, latestAt) + maxAgeMs;
  if ((health.state === 'stale' || isStallOfBefore(seen)) && wouldEnd(seen))
    return Math.max(now, latestAt + maxAgeMs);
  const silentFor = now + Math.max(0, maxAgeMs - seen.unchangedMs);
  // What was ended may have written this beat, or what would be ended now.
  if (health.state === 'healthy' && wouldEnd(seen)) return silentFor;
  if (health.state !== 'unknown') return now;
  if (health.reason.kind === 'dated-in-future') return silentFor;
  if (reading === 'missing' && !everBeat) return now;
  // A file that was never readable, or that this monitor may not read, says nothing of the bot.
  if (!everBeat || reading === 'unreadable') return Number.POSITIVE_INFINITY;
  // While no monitor watched it may have beaten.
  return Math.max(state.lastGoodAt ?? 0, state.watchedSince) + maxAgeMs;
};

/** A date that is so close to the look that found the beat says when it came, in ms. */
const closeMs = 2000;

/** One that was seen to come is as old as its health says, too. */
const isDateDoubtful = (beat: LastBeat | null): boolean =>
  beat !== null && !beat.watched && beat.latestAt - beat.at > closeMs;

/**
 * The monitor before has seen work stand still, and this one has not seen a beat come since. Where beats name no run,
 * another start may have come as far as the one before.
 */
const isStallOfBefore = ({ health, run, watched }: Observation): boolean =>
  health.state === 'stuck' && run === null && !watched;

/** A process that lives would be ended, by the monitor or by the restart command. */
const wouldEnd = ({ processes: { custody } }: Observation): boolean =>
  custody?.kind === 'held' || custody?.kind === 'command-ends';

/**
 * A second one was started beside the bot and has ended: what is left is the bot, which is ended only once it has not
 * beaten for too long itself.
 */
const livesAnotherRun = (
  { runs }: Pick<SupervisorState, 'runs'>,
  { processes: { custody }, run }: Observation,
): boolean =>
  custody?.kind === 'held' &&
  custody.targets.some(
    (target) =>
      target.kind === 'process' &&
      target.isKin !== true &&
      runs.writers.some(({ instance, pid }) => pid === target.pid && instance !== run),
  );

/** Why the monitor leaves a bot alone that is not well. */
export type Hindrance = 'never-readable' | 'unreadable' | 'exit-code' | null;

export const hindranceOf = (seen: Observation, policy: RestartPolicy): Hindrance => {
  const { processes, health, reading, everBeat } = seen;
  if (forbidsRestart(processes.exitCode, policy)) return 'exit-code';
  if (processes.writer === 'gone' || health.reason.kind !== 'no-beat') return null;
  if (reading === 'unreadable') return 'unreadable';
  return reading === 'corrupt' && !everBeat ? 'never-readable' : null;
};

/** Something keeps beats from being read, or from being written: the bot may be well behind it. */
export const isObstructed = (seen: Observation, policy: RestartPolicy): boolean =>
  seen.processes.diskTrouble !== null ||
  ['never-readable', 'unreadable'].includes(hindranceOf(seen, policy) ?? '');
