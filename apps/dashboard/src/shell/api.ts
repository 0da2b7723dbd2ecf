import { jsonIn } from '@sentinel/heartbeat-core/browser';
import type { Json } from '../core/json.ts';
import {
  noOutcome,
  type Order,
  type OrderKind,
  type OrderResult,
  orderOutcome,
  orderResult,
} from '../core/orders.ts';
import {
  parseBots,
  parseIncident,
  parseLogItem,
  parsePage,
  parseUptime,
  parseWarnings,
} from '../core/wire.ts';
import { readToken } from './storage.ts';

/** Relative to the page, so that a proxy may serve it under a prefix. */
export const address = (path: string, query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query).toString();
  return `./api/${path}${search === '' ? '' : `?${search}`}`;
};

export const readHeaders = (): Record<string, string> => {
  // Either token may read; the one for orders is also enough.
  const token = readToken('read') ?? readToken('order');
  return token === null ? {} : { authorization: `Bearer ${token}` };
};

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  constructor(status: number, path: string) {
    super(`${path} answered ${status}`);
    this.status = status;
  }
}

export const get = async (
  path: string,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<Json> => {
  const response = await fetch(address(path, query), {
    headers: readHeaders(),
    cache: 'no-store',
    signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
  });
  if (!response.ok) throw new ApiError(response.status, path);
  return jsonIn(await response.text());
};

export const fetchBots = async (signal: AbortSignal) => parseBots(await get('bots', {}, signal));

/** What the journal told, and why it is incomplete. */
export type Told<Part> = { readonly part: Part; readonly warnings: readonly string[] };

const told = <Part>(value: Json, parse: (value: Json) => Part): Told<Part> => ({
  part: parse(value),
  warnings: parseWarnings(value),
});

export const fetchLog = async (bot: string, more: Record<string, string>, signal: AbortSignal) =>
  told(await get('heartbeat/history', { bot, ...more }, signal), (value) => parsePage(value, parseLogItem));

export const fetchIncidents = async (bot: string, signal: AbortSignal) =>
  told(await get('heartbeat/incidents', { bot, limit: '50' }, signal), (value) =>
    parsePage(value, parseIncident),
  );

export const fetchIncident = (id: string, signal: AbortSignal): Promise<Json> =>
  get(`heartbeat/incidents/${encodeURIComponent(id)}`, {}, signal);

export type UptimeWindow = '24h' | '7d' | '90d';

export const fetchUptime = async (bot: string, window: UptimeWindow, signal: AbortSignal) =>
  told(await get('heartbeat/uptime', { bot, window }, signal), parseUptime);

/** How long the page waits for what came of an order, and how often it asks, in ms. */
const outcomeMs = 12_000;
const askMs = 300;

/** Gives an order and waits for what comes of it. Never throws: what went wrong is in the result, in words. */
export const postCommand = async (
  order: Order,
  bot: string,
  token: string,
  show: (result: OrderResult) => void,
): Promise<OrderResult> => {
  const { kind, ...args } = order;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const signal = () => AbortSignal.timeout(15_000);
  let given: OrderResult;
  try {
    const response = await fetch(address(`heartbeat/${kind}`, { bot }), {
      method: 'POST',
      headers,
      body: JSON.stringify(args),
      signal: signal(),
    });
    given = orderResult(kind, response.status, jsonIn(await response.text()));
  } catch (error) {
    if (!isOfTheNetwork(error)) throw error;
    return { kind: 'failed', text: 'The API did not answer: whether it took the order is not known.' };
  }
  if (given.kind !== 'waiting') return given;
  show(given);
  return await awaitOutcome(kind, given.id, { authorization: `Bearer ${token}` });
};

const awaitOutcome = async (
  kind: OrderKind,
  id: number,
  headers: Record<string, string>,
): Promise<OrderResult> => {
  let last: Json = null;
  for (const deadline = performance.now() + outcomeMs; performance.now() < deadline; ) {
    try {
      const response = await fetch(address(`heartbeat/orders/${id}`), {
        headers,
        cache: 'no-store',
        signal: AbortSignal.timeout(5000),
      });
      if (response.ok) {
        last = jsonIn(await response.text());
        const outcome = orderOutcome(kind, last);
        if (outcome !== null) return outcome;
      }
    } catch (error) {
      if (!isOfTheNetwork(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, askMs));
  }
  return noOutcome(kind, last);
};

/** What `fetch` and reading its answer throw where the far end is away or too slow. */
export const isOfTheNetwork = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
