import type { RestartPolicy } from './policy.ts';
import type { Handler } from './step.ts';
import { silently } from './step.ts';
import type { Restart } from './supervisor-state.ts';

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
