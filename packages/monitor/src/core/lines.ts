import { explainSight } from './explain.ts';
import type { Observation } from './observation.ts';
import type { SupervisorState } from './supervisor-state.ts';

/*
 * What the log says of one bot.
 */

export const foreignLine = (foreign: string): string =>
  `${foreign}, so nothing is written there: run the monitor as that user, or let only root write there. The output of the restart command goes to this monitor's output`;

type Left = {
  readonly movedFrom: string | null;
  readonly renamedFrom: string | null;
  readonly state: unknown;
};

/** What the monitor before has left was of another file, or under another name; `null`: neither. */
export const movedLine = (
  bot: string,
  file: string,
  { movedFrom, renamedFrom, state }: Left,
): string | null => {
  if (renamedFrom !== null)
    return `${file} was watched as ${renamedFrom} before: incident, budget, pause and processes continue under the name ${bot}`;
  if (movedFrom === null) return null;
  return `${bot} was the name of another file before (${movedFrom}). The incident, budget, stall and pause of that file do not apply to ${file}${state === undefined ? '' : '; those of this file apply again'}`;
};

/** The journal could not be read at the start, and now it can. */
export const lateLine = (bot: string, file: string, left: Left): string => {
  const moved = movedLine(bot, file, left);
  if (moved !== null) return moved;
  return left.state === undefined
    ? `The journal can be read: it contains nothing about ${bot}`
    : `The journal can be read again: what the monitor knew about ${bot} before applies`;
};

/** An alert that is on its way is not delivered yet. */
export const commandLine = (
  { kind, by }: { readonly kind: string; readonly by: string },
  result: string,
): string =>
  `Command ${kind} of ${by}: ${kind === 'test-alert' && result === 'done' ? 'written down' : result}`;

/**
 * How the bot is, where that is news.
 *
 * @param shown the state that was said last.
 */
export const healthLine = (
  shown: string,
  state: SupervisorState,
  seen: Observation,
): { readonly shown: string; readonly line: string | null } => {
  const { bot, health } = seen;
  // A file that is caught in the middle of a write is not news: a second look decides.
  if (health.reason.kind === 'no-beat' && (state.phase === 'up' || state.phase === 'suspect'))
    return { shown, line: null };
  // What it ended itself the monitor has said already.
  const isOurs = state.ended?.byUs === true && health.reason.kind === 'process-gone';
  const isNews = health.state !== shown && !isOurs;
  return {
    shown: health.state,
    line: isNews ? `${bot} is ${health.state}: ${explainSight(state, seen)}` : null,
  };
};
