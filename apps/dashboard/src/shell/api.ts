import { type Json, parseJson } from '../core/json.ts';
import { type Order, type OrderResult, orderResult } from '../core/orders.ts';
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

const get = async (path: string, query: Record<string, string>, signal: AbortSignal): Promise<Json> => {
  const response = await fetch(address(path, query), {
    headers: readHeaders(),
    cache: 'no-store',
    signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
  });
  if (!response.ok) throw new ApiError(response.status, path);
  return parseJson(await response.text());
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

export const fetchUptime = async (bot: string, window: '24h' | '90d', signal: AbortSignal) =>
  told(await get('heartbeat/uptime', { bot, window }, signal), parseUptime);

/** Gives an order. Never throws: what went wrong is in the result, in words. */
export const giveOrder = async (
  order: Order,
  bot: string,
  watched: boolean,
  token: string,
): Promise<OrderResult> => {
  const { kind, ...args } = order;
  try {
    const response = await fetch(address(`heartbeat/${kind}`, { bot }), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(args),
      signal: AbortSignal.timeout(15_000),
    });
    return orderResult(kind, response.status, parseJson(await response.text()), watched);
  } catch {
    return { kind: 'failed', text: 'The API did not answer: nothing was ordered.' };
  }
};
