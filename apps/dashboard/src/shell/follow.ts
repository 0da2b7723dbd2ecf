import { backoffMs, jsonIn } from '@sentinel/heartbeat-core/browser';
import type { Now } from '../core/clock.ts';
import { retryWaits } from '../core/link.ts';
import type { Event } from '../core/model.ts';
import type { StreamEvent } from '../core/sse.ts';
import { parseIncident, parseLogItem, parseStatus } from '../core/wire.ts';
import { ApiError, fetchBots, isOfTheNetwork } from './api.ts';
import { readClock } from './clock.ts';
import { readStream, type StreamEnd } from './stream.ts';

export type Follow = {
  readonly dispatch: (event: Event) => void;
  /** Called whenever the page is (again) up to date: what happened meanwhile is to be loaded. */
  readonly opened: () => void;
  /** Waits this long, or until somebody has a reason to try at once. */
  readonly pause: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
};

/** Keeps the page connected for as long as it is open. Ends when reading is refused: then a token is needed. */
export const follow = async ({ dispatch, opened, pause, signal }: Follow): Promise<'refused' | 'aborted'> => {
  let lastEventId: string | null = null;
  let heard: Now | null = null;
  let attempt = 0;
  while (!signal.aborted) {
    const end = await connection(
      lastEventId,
      {
        dispatch,
        opened: () => {
          attempt = 0;
          opened();
        },
        heard: (now) => {
          heard = now;
        },
        id: (id) => {
          lastEventId = id;
        },
      },
      signal,
    );
    if (signal.aborted) break;
    if (end.kind === 'refused') {
      dispatch({ kind: 'link', link: { kind: 'refused', heard } });
      return 'refused';
    }
    dispatch({ kind: 'link', link: { kind: 'lost', heard, why: end.why } });
    await pause(backoffMs(++attempt, retryWaits, Math.random()));
  }
  return 'aborted';
};

type Hooks = Pick<Follow, 'dispatch' | 'opened'> & {
  readonly heard: (now: Now) => void;
  readonly id: (id: string) => void;
};

/**
 * One connection. It counts as live only once the state of every bot was loaded over it: until then, events wait,
 * and are told in their order afterwards. Each change is an event, so the last one told is the truth.
 */
const connection = async (
  lastEventId: string | null,
  hooks: Hooks,
  signal: AbortSignal,
): Promise<StreamEnd> => {
  const failed = new AbortController();
  let failure: StreamEnd = { kind: 'ended', why: 'the API cannot be reached' };
  let waiting: Event[] | null = [];
  const hear = () => {
    const now = readClock();
    hooks.heard(now);
    hooks.dispatch({ kind: 'heard', now });
  };
  const start = async () => {
    try {
      hooks.dispatch({
        kind: 'bots',
        bots: await fetchBots(AbortSignal.any([signal, failed.signal])),
        now: readClock(),
      });
      for (const event of waiting ?? []) hooks.dispatch(event);
      waiting = null;
      hear();
      hooks.opened();
    } catch (error) {
      if (error instanceof ApiError)
        failure =
          error.status === 401
            ? { kind: 'refused' }
            : { kind: 'ended', why: `the API answered ${error.status}` };
      else if (!isOfTheNetwork(error)) failure = faultOf(error);
      failed.abort();
    }
  };
  const end = await readStream(
    lastEventId,
    {
      opened: () => void start(),
      heard: () => waiting === null && hear(),
      event: (event) => {
        if (event.id !== null) hooks.id(event.id);
        const change = eventOf(event);
        if (change === null) return;
        if (waiting === null) hooks.dispatch(change);
        else waiting.push(change);
      },
    },
    AbortSignal.any([signal, failed.signal]),
  ).catch(faultOf);
  const result = failed.signal.aborted ? failure : end;
  failed.abort();
  return result;
};

/** A fault of this page is shown with its name, and the next connection may be without it. */
const faultOf = (error: unknown): StreamEnd => ({ kind: 'ended', why: `a fault of this page (${error})` });

const eventOf = ({ event, data }: StreamEvent): Event | null => {
  const value = jsonIn(data);
  if (value === undefined) return null;
  if (event === 'status') return { kind: 'status', status: parseStatus(value), now: readClock() };
  if (event === 'log') return { kind: 'log', item: parseLogItem(value) };
  return event === 'incident' ? { kind: 'incident', incident: parseIncident(value) } : null;
};
