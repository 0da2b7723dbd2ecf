import { doing, type Handler, notify, silently } from './step.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** So many runs are remembered. */
const remembered = 4;

const isToldLately = ({ runs: { severalToldAt } }: SupervisorState, now: number, againMs: number): boolean =>
  severalToldAt !== null && now - severalToldAt < againMs;

/**
 * A run of the bot that beats again after another one did has not ended: two bots trade. A restart looks different,
 * since the run before it never comes back. What a process that is gone has written lay in a copy that was put there, and
 * the workers of one bot beat in turn. Told again only after the time of a reminder.
 */
export const seeWriter: Handler = (state, { bot, writer, processes }, now, { remindMs }) => {
  const { writers } = state.runs;
  const last = writers.at(-1);
  if (writer === null || writer.instance === last?.instance) return silently(state);
  const returned = writers.some(({ instance }) => instance === writer.instance);
  if (returned && (processes.writer === 'gone' || processes.beatAsOne === true)) return silently(state);
  // Each is kept once: two that beat in turn do not push out the others.
  const others = writers.filter(({ instance }) => instance !== writer.instance);
  const runs = { ...state.runs, writers: [...others, writer].slice(-remembered) };
  const isQuiet = isToldLately(state, now, remindMs) || state.pausedUntil !== null;
  if (!returned || last === undefined || isQuiet) return silently({ ...state, runs });
  const told = notify({ kind: 'duplicate-instance', bot, instances: [last, writer] });
  return doing({ ...state, runs: { ...runs, severalToldAt: now } }, [told]);
};

/**
 * More than one process is the bot, and neither has started the other: their beats may name nobody, and then only the
 * processes tell.
 */
export const seeSeveral: Handler = (state, { bot, processes: { several } }, now, { remindMs }) => {
  const isQuiet = isToldLately(state, now, remindMs) || state.pausedUntil !== null;
  if (several.length < 2 || isQuiet) return silently(state);
  const told = notify({ kind: 'duplicate-instance', bot, instances: [], processes: several });
  return doing({ ...state, runs: { ...state.runs, severalToldAt: now } }, [told]);
};

const foreignWords = (bot: string, idle: number) =>
  ({
    severity: 'critical',
    title: `Another process writes the status file of ${bot}`,
    text: `heartbeats continue, but process ${idle}, which runs the bot, does not run at all: another process writes them, and the bot may hang. Find what else writes the file and end it. Then Sentinel sees whether the bot is well.`,
  }) as const;

/** Somebody may have started the bot in another way. */
const lostWords = (bot: string, lost: number) =>
  ({
    severity: 'warning',
    title: `The process of ${bot} has ended, and heartbeats continue`,
    text: `process ${lost}, which was the bot, has ended, and heartbeats continue from a process that Sentinel does not know. If you have started the bot in another way, set --bot-process to a pattern of its command line, or let the bot write its pid into line 3. If not, another program writes the file and no bot runs: end that program, then Sentinel sees it. Until then a restart is not safe.`,
  }) as const;

/**
 * The process that is the bot has not run while beats came, or has ended: something else writes them, and they may say
 * nothing of the bot. Told again only after the time of a reminder.
 */
export const seeForeign: Handler = (state, { bot, processes }, now, { remindMs }) => {
  const { idle = null, lost = null } = processes;
  const { foreignToldAt = null } = state.runs;
  const isQuiet = foreignToldAt !== null && now - foreignToldAt < remindMs;
  if (isQuiet || state.pausedUntil !== null || (idle === null && lost === null)) return silently(state);
  const words = idle === null ? lostWords(bot, lost ?? 0) : foreignWords(bot, idle);
  const told = notify({ kind: 'custom', bot, ...words });
  return doing({ ...state, runs: { ...state.runs, foreignToldAt: now } }, [told]);
};
