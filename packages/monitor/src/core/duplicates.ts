import type { Notification } from '@sentinel/notify';
import type { SupervisorState, Writer } from './supervisor-state.ts';

/** So many changes of the writer are remembered. */
const remembered = 4;

/**
 * A run of the bot that beats again after another one did has not ended: two bots trade. A restart looks different,
 * since the run before it never comes back. Told again only after `againMs`.
 */
export const seeWriter = (
  state: SupervisorState,
  bot: string,
  writer: Writer | null,
  now: number,
  againMs: number,
): { readonly state: SupervisorState; readonly notification: Notification | null } => {
  const { writers, severalToldAt } = state.runs;
  const last = writers.at(-1);
  if (writer === null || writer.instance === last?.instance) return { state, notification: null };
  const returned = writers.some(({ instance }) => instance === writer.instance);
  const runs = { severalToldAt, writers: [...writers, writer].slice(-remembered) };
  const toldLately = severalToldAt !== null && now - severalToldAt < againMs;
  if (!returned || last === undefined || toldLately || state.pausedUntil !== null)
    return { state: { ...state, runs }, notification: null };
  return {
    state: { ...state, runs: { ...runs, severalToldAt: now } },
    notification: { kind: 'duplicate-instance', bot, instances: [last, writer] },
  };
};

/**
 * More than one process is the bot, and neither has started the other: their beats may name nobody, and then only the
 * processes tell. Told again only after `againMs`.
 */
export const seeSeveral = (
  state: SupervisorState,
  bot: string,
  several: readonly number[],
  now: number,
  againMs: number,
): { readonly state: SupervisorState; readonly notification: Notification | null } => {
  const { severalToldAt } = state.runs;
  const toldLately = severalToldAt !== null && now - severalToldAt < againMs;
  if (several.length < 2 || toldLately || state.pausedUntil !== null) return { state, notification: null };
  return {
    state: { ...state, runs: { ...state.runs, severalToldAt: now } },
    notification: { kind: 'duplicate-instance', bot, instances: [], processes: several },
  };
};
