import type { Observation } from './observation.ts';
import type { RestartPolicy } from './policy.ts';
import { type Handler, silently } from './step.ts';
import type { Restart, SupervisorState } from './supervisor-state.ts';

/**
 * What ends the old bot by itself gives that time to end: `docker restart` and `docker compose restart` 10 s, `systemctl restart`
 * 90 s at the most, `supervisorctl` 10 s. In ms.
 */
const endingCommandMs = 120_000;

/**
 * How long the restart command may run without a beat of a new start; then its process group is ended. Where nobody has set that
 * it is the grace, and for a command that ends the old bot by itself two minutes at least: ended before, it leaves none.
 */
export const commandLimitMs = (
  { restartTimeoutMs, graceMs }: Pick<RestartPolicy, 'restartTimeoutMs' | 'graceMs'>,
  replaced: Restart['replaced'],
): number => restartTimeoutMs ?? (replaced === 'command' ? Math.max(graceMs, endingCommandMs) : graceMs);

/** For how long no beat of a new start need come, from the beginning of the command on. */
export const startGraceMs = (policy: RestartPolicy, replaced: Restart['replaced']): number =>
  replaced === 'command' ? Math.max(policy.graceMs, commandLimitMs(policy, replaced)) : policy.graceMs;

/**
 * Until when nothing is started beside what the last command may have started: one that was let run on over its grace, since the
 * file changed, may end with a new bot that has not beaten yet. One that was ended by a signal has started none.
 */
export const lateStartUntil = (
  { restart, lastBeat }: Pick<SupervisorState, 'restart' | 'lastBeat'>,
  { command }: Pick<Observation, 'command'>,
  { graceMs }: Pick<RestartPolicy, 'graceMs'>,
): number => {
  const at = restart?.at ?? null;
  const endedAt = command?.endedAt ?? 0;
  // It beat: it was the bot itself, or has started it long ago.
  const hasBeaten = at === null || (lastBeat?.at ?? 0) > at;
  const isLate = !hasBeaten && endedAt > at + graceMs;
  return isLate && command?.signal === null ? endedAt + graceMs : 0;
};

/** A command that ends the old bot by itself has ended: what it has started has its grace from then on. */
export const seeCommandEnd: Handler = (state, { command }, _now, { graceMs }) => {
  const { restart, grace } = state;
  const endedAt = command?.endedAt ?? null;
  if (grace === null || endedAt === null || restart?.replaced !== 'command') return silently(state);
  if (restart.commandDueAt === null || endedAt < (restart.at ?? 0)) return silently(state);
  return silently({
    ...state,
    restart: { ...restart, commandDueAt: null },
    grace: { ...grace, until: endedAt + graceMs },
  });
};
