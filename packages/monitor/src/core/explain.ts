import { explainHealth, healthStates, inSeconds } from '@sentinel/heartbeat-core';
import { actableAt, goneWaitMs, keptUntil } from './may-act.ts';
import type { CommandFacts, Observation } from './observation.ts';
import { explainHalt, haltEnd } from './owner-halt.ts';
import { explainStop, type OwnerStop } from './owner-stop.ts';
import type { RestartPolicy } from './policy.ts';
import type { SupervisorState } from './supervisor-state.ts';

/**
 * Why a restart counts as failed: what the command did says little, that no beat came says all.
 *
 * @param wasEnded its time was over, and the monitor has ended it.
 */
export const explainFailedRestart = (command: CommandFacts | null, wasEnded: boolean): string => {
  const missing = 'the new process sent no heartbeat in time';
  if (command === null) return missing;
  if (command.refused !== null) return command.refused;
  if (wasEnded) return `${missing}, so Sentinel ended the command (--restart-timeout)`;
  if (command.running) return `${missing}, and the command still runs`;
  if (command.signal !== null) return `${missing}; the command was ended by ${command.signal}`;
  return command.exitCode === null
    ? missing
    : `${missing}; the command ended with exit code ${command.exitCode}`;
};

/** Why the bot is not well, with what the monitor knows beside the one look. */
export const explainSight = (
  { ended, lastGoodAt }: SupervisorState,
  { health, beatAt, everBeat }: Pick<Observation, 'health' | 'beatAt' | 'everBeat'>,
): string => {
  const { reason } = health;
  if (reason.kind === 'process-gone' && ended?.byUs === true && beatAt !== null && beatAt <= ended.at)
    return 'Sentinel has ended its process for a restart, and no new one has beaten yet';
  if (reason.kind === 'no-beat' && reason.problem.code === 'missing' && !reason.problem.link && everBeat) {
    const { file } = reason.problem;
    const last = lastGoodAt === null ? '' : ` The last beat came at ${clockTime(lastGoodAt)}.`;
    return `The status file ${file} was there, and has been removed.${last}`.replace(/\.$/, '');
  }
  return explainHealth(health);
};

const stopWords = (stop: OwnerStop): string => {
  if (stop.goneAt === null) return `${explainStop(stop)}: it is being ended`;
  return stop.ran === null
    ? explainStop(stop)
    : `${explainStop(stop)}. But it beats: somebody has started it`;
};

const clockTime = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

const restartWords = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): string => {
  const at = Math.max(now, state.budget.nextAt, actableAt(state, seen, now, policy));
  if (!Number.isFinite(at)) return 'not restarted on what is known of it now';
  return `the next restart is made in ${inSeconds(at - now)}`;
};

/** What the supervisor waits for, in words. */
export const explainStanding = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
): string => {
  if (state.stop !== null) return stopWords(state.stop);
  if (state.pausedUntil !== null) return `paused for ${inSeconds(state.pausedUntil - now)} more`;
  if (state.halt !== null) return `${explainHalt(state.halt)}: not restarted ${haltEnd(state.halt, now)}`;
  const { health } = seen;
  const asks = healthStates[health.state].up || health.state === 'stopped' || state.phase === 'ending';
  if (health.closed && !asks) return 'the market is closed: nothing is done';
  switch (state.phase) {
    case 'up':
      return 'all is well';
    case 'stopped':
      return 'stopped on purpose: waiting for its next start';
    case 'starting':
      return `waiting for its first heartbeat, ${inSeconds((state.grace?.until ?? 0) - now)} left`;
    case 'suspect':
      return 'looked at again before anybody is notified';
    case 'down':
      if (!policy.enabled) return 'restarts: off (no --restart given)';
      if (state.budget.unsafeTold !== null) return `not restarted: ${state.budget.unsafeTold}`;
      return restartWords(state, seen, now, policy);
    case 'ending':
      return state.ending?.goneAt === undefined
        ? 'ending the old process: nothing is started before it is gone'
        : `the old process is gone: what had started it gets time to start it again, ${inSeconds(Math.max(state.ending.goneAt + goneWaitMs, keptUntil(seen, now)) - now)} left`;
    case 'restarting':
      return `restarted: waiting for a heartbeat of the new process, ${inSeconds((state.grace?.until ?? 0) - now)} left`;
    case 'exhausted':
      return 'restart budget spent: a person is needed, then `sentinel-monitor reset`';
    case 'settling':
      return `well again: its incident ends in ${inSeconds((state.incident?.settleUntil ?? 0) - now)} if it stays well`;
  }
};
