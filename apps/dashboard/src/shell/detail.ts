import type { Detail, Event } from '../core/model.ts';
import { ApiError, fetchIncidents, fetchLog, fetchUptime } from './api.ts';

type Dispatch = (event: Event) => void;

/** Loads one part of a bot's history. That it could not be loaded is shown, and never as 'there is none'. */
const load = async (bot: string, dispatch: Dispatch, signal: AbortSignal, part: Promise<Partial<Detail>>) => {
  const detail = await part.catch((error: unknown) => ({ problem: problemOf(error) }));
  if (!signal.aborted) dispatch({ kind: 'detail', bot, detail });
};

const problemOf = (error: unknown) =>
  `History could not be loaded: ${error instanceof ApiError ? `the API answered ${error.status}` : 'the API did not answer'}.`;

export const loadUptime = async (bot: string, dispatch: Dispatch, signal: AbortSignal): Promise<void> => {
  const day = fetchUptime(bot, '24h', signal).then((uptime) => ({ day: uptime }));
  const quarter = fetchUptime(bot, '90d', signal).then((uptime) => ({ quarter: uptime }));
  await Promise.all([load(bot, dispatch, signal, day), load(bot, dispatch, signal, quarter)]);
};

export const loadIncidents = (bot: string, dispatch: Dispatch, signal: AbortSignal): Promise<void> =>
  load(
    bot,
    dispatch,
    signal,
    fetchIncidents(bot, signal).then(({ items }) => ({ incidents: items })),
  );

export const loadDetail = async (bot: string, dispatch: Dispatch, signal: AbortSignal): Promise<void> => {
  dispatch({ kind: 'detail', bot, detail: { problem: null } });
  const log = fetchLog(bot, { limit: '200' }, signal).then(({ items, next }) => ({
    log: items,
    logNext: next,
  }));
  await Promise.all([
    load(bot, dispatch, signal, log),
    loadIncidents(bot, dispatch, signal),
    loadUptime(bot, dispatch, signal),
  ]);
};

export const loadOlder = async (bot: string, cursor: string, dispatch: Dispatch): Promise<void> => {
  try {
    const page = await fetchLog(bot, { limit: '200', cursor }, new AbortController().signal);
    dispatch({ kind: 'older-log', bot, items: page.items, next: page.next });
  } catch {
    dispatch({ kind: 'detail', bot, detail: { problem: 'Older entries could not be loaded.' } });
  }
};
