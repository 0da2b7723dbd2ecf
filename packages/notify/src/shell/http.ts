import type { Http } from '../core/channel.ts';
import type { NetworkFailure } from '../core/outcome.ts';
import { parseRetryAfter } from '../core/wait.ts';
import { ProxyUnreachable } from './proxy-unreachable.ts';

/** The proxy that requests go through. Proxy addresses may hold a password: they appear in no line either. */
export type ProxyOptions = {
  /** `HTTPS_PROXY`. */
  readonly https?: string | undefined;
  /** `HTTP_PROXY`. */
  readonly http?: string | undefined;
  /** `NO_PROXY`: hosts that are reached directly, separated by commas. */
  readonly none?: string | undefined;
};

/** A `fetch`: the global one, or one that goes through a proxy. */
type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** A far end says what it has to say in a few words; a page of somebody else is not read to its end. In characters. */
const mostOfBody = 4096;

type HttpOptions = {
  /** How long the first request may take, in ms. */
  readonly timeoutMs: number;
  readonly proxy?: ProxyOptions | undefined;
  /** ms since the epoch, for an answer that names a date. */
  readonly now: () => number;
};

/** A far end that takes a message and is slow to say so would get it again and again: the longest wait for it, in ms. */
const longestTimeoutMs = 60_000;

/** How long the next request to an address may take: twice as long after each one that was not answered in time. */
const createPatience = (timeoutMs: number) => {
  const waits = new Map<string, number>();
  return {
    of: (url: string) => waits.get(url) ?? timeoutMs,
    answered: (url: string) => void waits.delete(url),
    missed: (url: string) =>
      void waits.set(url, Math.max(timeoutMs, Math.min(longestTimeoutMs, 2 * (waits.get(url) ?? timeoutMs)))),
  };
};

export const createHttp = ({ timeoutMs, proxy, now }: HttpOptions): Http => {
  const way = openWay(proxy);
  const fetching = fetchOn(way);
  const patience = createPatience(timeoutMs);
  return {
    openSocket: async (url) => (way === null ? new WebSocket(url) : (await way).openSocket(url)),
    request: async (url, { mostOfAnswer, timeoutMs: ownMs = patience.of(url), signal: ended, ...init }) => {
      try {
        // A redirect is an answer with a status, and is not followed: the message is for this address.
        const response = await fetching(url, {
          ...init,
          redirect: 'manual',
          signal: AbortSignal.any([AbortSignal.timeout(ownMs), ...(ended === undefined ? [] : [ended])]),
        });
        const { status, headers } = response;
        const body = await beginningOf(response, mostOfAnswer);
        const date = Date.parse(headers.get('date') ?? '');
        patience.answered(url);
        return {
          ...{ status, retryAfterMs: parseRetryAfter(headers.get('retry-after'), now()), body },
          ...(Number.isNaN(date) ? {} : { date }),
        };
      } catch (error) {
        const failure = networkFailureOf(error);
        if (failure === null) throw error;
        if (failure.error === 'TimeoutError') patience.missed(url);
        return failure;
      }
    },
  };
};

/**
 * The way through a proxy; `null`: there is none. The proxy's library is loaded when there is a proxy, and at once: by the
 * first alert the program on the disk may be another version, or no descriptor may be left to read it.
 */
const openWay = ({ https = '', http = '', none = '' }: ProxyOptions = {}) => {
  if (https === '' && http === '') return null;
  const loading = import('./proxied.ts').then(({ proxied }) =>
    proxied({ httpsProxy: https, httpProxy: http, noProxy: none }),
  );
  // A library that is not there is a fault of the first request.
  void Promise.allSettled([loading]);
  return loading;
};

const fetchOn = (way: ReturnType<typeof openWay>): Fetch =>
  way === null ? fetch : async (url, init) => (await way).fetch(url, init);

/**
 * The global `fetch`, or one that goes through a proxy.
 *
 * @example
 * const response = await fetchThrough({ https: 'http://proxy:3128' })('https://example.org');
 */
export const fetchThrough = (proxy?: ProxyOptions): Fetch => fetchOn(openWay(proxy));

/**
 * The beginning of an answer's body. One that breaks off says nothing under a status that has decided already.
 *
 * @example
 * const said = await beginningOf(await fetch('https://example.org'));
 */
export const beginningOf = async (
  response: Pick<Response, 'body' | 'ok'>,
  most = mostOfBody,
): Promise<string> => {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      // Leaving the loop ends the request.
      if (text.length >= most) break;
    }
  } catch (error) {
    if (networkFailureOf(error) === null || response.ok) throw error;
  }
  // An end within a character is one that cannot be read: without it `ok` and half a character would be `ok`.
  return text + decoder.decode();
};

/** What `fetch` calls a program's own mistake: neither the network nor the far end has a part in it. */
const ownMistakes = /^(ERR_INVALID_|ERR_MODULE_|ERR_REQUIRE_|UND_ERR_INVALID_)/;

/**
 * Why a request failed: the code nearest to the cause, which says what the outer "fetch failed" does not, and the proxy
 * where that is the cause. `null`: it is no failure of the network or the machine.
 */
export const networkFailureOf = (error: unknown): NetworkFailure | null => {
  let code: string | null = null;
  let proxy: string | undefined;
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const named = (at as { code?: unknown }).code;
    if (at instanceof ProxyUnreachable) proxy = at.proxy;
    // A proxy that answers with a status of its own: the library says it in words only.
    const refusal = /^Proxy response \((\d{3})\)/.exec(at.message)?.[1];
    if (refusal !== undefined) return { error: `PROXY_${refusal}` };
    if (typeof named === 'string') code = named;
    else if (at.name === 'TimeoutError' || at.name === 'AbortError') code = at.name;
    else if (at.message === 'bad port') return { error: 'bad-port' };
    // It has no code, and its message holds what came.
    else if (at.name === 'HTTPParserError') code = 'no-http';
    // Its words are those of the standard; what it stands for is in the cause, which need not have a code.
    else if (at instanceof TypeError && /^(fetch failed|terminated)$/.test(at.message))
      code ??= 'fetch-failed';
  }
  if (code === null || ownMistakes.test(code)) return null;
  if (proxy !== undefined) return { error: code, proxy };
  const { through } = error as { readonly through?: string };
  return { error: code, ...(through === undefined ? {} : { through }) };
};
