import type { FetchFunction } from '@slack/webhook';
import type { Channel } from '../core/channel.ts';
import type { Answer } from '../core/send-outcome.ts';

/** The proxy that requests go through. Proxy addresses may hold a password: they appear in no line either. */
export type ProxyOptions = {
  /** `HTTPS_PROXY`. */
  readonly https?: string | undefined;
  /** `HTTP_PROXY`. */
  readonly http?: string | undefined;
  /** `NO_PROXY`: hosts that are reached directly, separated by commas. */
  readonly none?: string | undefined;
};

export type PosterOptions = {
  readonly timeoutMs: number;
  readonly proxy?: ProxyOptions | undefined;
};

/** Posts one message; `key` is the same for every try of it. Never rejects: what went wrong is an answer too. */
export type Post = (payload: Readonly<Record<string, unknown>>, key: string) => Promise<Answer>;

/** Slack says what it has to say in one word; a page of somebody else is not read to its end. */
const mostOfBody = 4096;

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** What posts to the address of one channel. Both libraries are loaded with the first message. */
export const createPoster = ({ kind, url }: Channel, { timeoutMs, proxy }: PosterOptions): Post => {
  let fetching: Promise<Fetch> | undefined;
  return async (payload, key) => {
    let answer: Answer = { error: 'unknown' };
    const recorded: FetchFunction = async (to, init) => {
      try {
        fetching ??= fetchThrough(proxy);
        const headers = { ...init?.headers, 'Idempotency-Key': key };
        const response = await (await fetching)(to, { ...init, headers } as RequestInit);
        const { status, statusText, ok } = response;
        answer = { status, retryAfter: response.headers.get('retry-after') };
        // The status has decided: a body that breaks off does not change it.
        const body = await beginningOf(response).catch(() => '');
        answer = { ...answer, body };
        return {
          ok,
          status,
          statusText,
          url: '',
          headers: response.headers,
          text: async () => body,
          json: async () => null,
          arrayBuffer: async () => new ArrayBuffer(0),
        };
      } catch (error) {
        if ('error' in answer) answer = { error: codeOf(error) };
        throw new Error('not answered');
      }
    };
    try {
      if (kind === 'slack') {
        const { IncomingWebhook } = await import('@slack/webhook');
        await new IncomingWebhook(url, { fetch: recorded, timeout: timeoutMs }).send(payload);
      } else {
        await recorded(url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(payload),
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
      }
    } catch {
      // Every failure is in `answer` already, without the address that the library's errors may name.
    }
    return answer;
  };
};

/**
 * The global `fetch`, or one that goes through a proxy; its library is loaded when there is a proxy.
 *
 * @example
 * const response = await (await fetchThrough({ https: 'http://proxy:3128' }))('https://example.org');
 */
export const fetchThrough = async (proxy: ProxyOptions = {}): Promise<Fetch> => {
  const { https = '', http = '', none = '' } = proxy;
  if (https === '' && http === '') return fetch;
  const { EnvHttpProxyAgent, fetch: proxied } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({ httpsProxy: https, httpProxy: http, noProxy: none });
  return ((url, init) => proxied(url, { ...(init as object), dispatcher })) as Fetch;
};

const beginningOf = async (response: Response): Promise<string> => {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    // Leaving the loop ends the request.
    if (text.length >= mostOfBody) break;
  }
  return text;
};

/** The code nearest to the cause, which says what the outer "fetch failed" does not. */
const codeOf = (error: unknown): string => {
  let code = error instanceof Error ? error.name : 'unknown';
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const named = (at as { code?: unknown }).code;
    if (typeof named === 'string') code = named;
    else if (at.name === 'TimeoutError') code = at.name;
  }
  return code;
};
