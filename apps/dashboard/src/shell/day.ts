import type { Uptime } from '../core/wire.ts';
import { ApiError, fetchUptime, isOfTheNetwork } from './api.ts';

/** A row that stays in view is asked for again after this, in ms. */
const againMs = 5 * 60_000;
/** So many rows are asked for at once: the panel beside them does not wait for hundreds. */
const mostAtOnce = 3;

let running = 0;
const waiting: (() => void)[] = [];

const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
  if (running >= mostAtOnce) await new Promise<void>((go) => waiting.push(go));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
};

/** Shows the last day of a bot while its row can be seen. What cannot be loaded leaves the row as it is. */
export const keepDay = (place: Element, bot: string, show: (uptime: Uptime) => void): (() => void) => {
  const stop = new AbortController();
  let askedAt = Number.NEGATIVE_INFINITY;
  let seen = false;
  const ask = async () => {
    if (!seen || stop.signal.aborted || performance.now() - askedAt < againMs) return;
    askedAt = performance.now();
    try {
      const { part, warnings } = await inTurn(() => fetchUptime(bot, '24h', stop.signal));
      if (!stop.signal.aborted && warnings.length === 0) show(part);
    } catch (error) {
      if (!stop.signal.aborted && !(error instanceof ApiError) && !isOfTheNetwork(error)) throw error;
    }
  };
  const observer = new IntersectionObserver((entries) => {
    seen = entries.at(-1)?.isIntersecting === true;
    void ask();
  });
  observer.observe(place);
  const timer = setInterval(() => void ask(), againMs);
  return () => {
    stop.abort();
    observer.disconnect();
    clearInterval(timer);
  };
};
