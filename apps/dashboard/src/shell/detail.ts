import type { Detail, Event } from '../core/model.ts';
import {
  ApiError,
  fetchIncidents,
  fetchLog,
  fetchUptime,
  isOfTheNetwork,
  type Told,
  type UptimeWindow,
} from './api.ts';

type Dispatch = (event: Event) => void;

/** Loads one part of a bot's history. That it could not be loaded is shown, and never as 'there is none'. */
const load = async <Part>(
  bot: string,
  dispatch: Dispatch,
  signal: AbortSignal,
  asked: Promise<Told<Part>>,
  detailOf: (part: Part) => Partial<Detail>,
) => {
  const detail = await asked.then(
    // What a journal that cannot be read leaves empty would replace what was loaded before.
    ({ part, warnings }) => (warnings.length === 0 ? detailOf(part) : { problem: warnings.join('. ') }),
    (error: unknown) => ({ problem: problemOf(error) }),
  );
  if (!signal.aborted) dispatch({ kind: 'detail', bot, detail });
};

const problemOf = (error: unknown) => `History could not be loaded: ${causeOf(error)}.`;

/** A fault of this page is shown with its name: nobody is to look for it in the network. */
const causeOf = (error: unknown): string => {
  if (error instanceof ApiError) return `the API answered ${error.status}`;
  return isOfTheNetwork(error) ? 'the API did not answer' : `a fault of this page (${error})`;
};

/** @param recent what the strip needs. */
export const loadUptime = async (
  bot: string,
  recent: UptimeWindow,
  dispatch: Dispatch,
  signal: AbortSignal,
): Promise<void> => {
  await Promise.all([
    load(bot, dispatch, signal, fetchUptime(bot, recent, signal), (part) => ({ recent: part })),
    load(bot, dispatch, signal, fetchUptime(bot, '90d', signal), (quarter) => ({ quarter })),
  ]);
};

export const loadIncidents = (bot: string, dispatch: Dispatch, signal: AbortSignal): Promise<void> =>
  load(bot, dispatch, signal, fetchIncidents(bot, signal), ({ items }) => ({ incidents: items }));

export const loadDetail = async (
  bot: string,
  recent: UptimeWindow,
  dispatch: Dispatch,
  signal: AbortSignal,
): Promise<void> => {
  dispatch({ kind: 'detail', bot, detail: { problem: null } });
  await Promise.all([
    load(bot, dispatch, signal, fetchLog(bot, { limit: '200' }, signal), ({ items, next }) => ({
      log: items,
      logNext: next,
    })),
    loadIncidents(bot, dispatch, signal),
    loadUptime(bot, recent, dispatch, signal),
  ]);
};

export const loadOlder = async (bot: string, cursor: string, dispatch: Dispatch): Promise<void> => {
  try {
    const { part, warnings } = await fetchLog(bot, { limit: '200', cursor }, new AbortController().signal);
    if (warnings.length > 0) dispatch({ kind: 'detail', bot, detail: { problem: warnings.join('. ') } });
    else dispatch({ kind: 'older-log', bot, items: part.items, next: part.next });
  } catch (error) {
    const problem = `Older entries could not be loaded: ${causeOf(error)}.`;
    dispatch({ kind: 'detail', bot, detail: { problem } });
  }
};
