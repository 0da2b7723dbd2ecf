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

/**
 * Posts one message; `key` is the same for every try of it. What the network and the far end do is an answer; it rejects
 * with a fault of this program only.
 */
export type Post = (payload: Readonly<Record<string, unknown>>, key: string) => Promise<Answer>;

/** Slack says what it has to say in one word; a page of somebody else is not read to its end. */
const mostOfBody = 4096;

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** What posts to the address of one channel. Both libraries are loaded with the first message. */
export const createPoster = ({ kind, url }: Channel, { timeoutMs, proxy }: PosterOptions): Post => {
  let fetching: Fetch | undefined;
  return async (payload, key) => {
    let answer: Answer | undefined;
    const recorded: FetchFunction = async (to, init) => {
      fetching ??= await fetchThrough(proxy);
      const headers = { ...init?.headers, 'Idempotency-Key': key };
      // A redirect is an answer with a status, and is not followed: the message is for this address.
      const response = await fetching(to, { ...init, headers, redirect: 'manual' } as RequestInit);
      const body = await beginningOf(response);
      answer = { status: response.status, retryAfter: response.headers.get('retry-after'), body };
      return asLibraryTakesIt(response, body);
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
          signal: AbortSignal.timeout(timeoutMs),
        });
      }
    } catch (error) {
      // The library throws for every status that it calls an error: what came is in `answer` already.
      if (answer !== undefined) return answer;
      // What its errors wrap is what counts; their words may name the address.
      const cause = (error as { original?: unknown }).original ?? error;
      const code = networkCodeOf(cause);
      if (code === null) throw cause;
      return { error: code };
    }
    if (answer === undefined) throw new Error('the library posted nothing');
    return answer;
  };
};

const asLibraryTakesIt = ({ ok, status, statusText, headers }: Response, body: string) => ({
  ok,
  status,
  statusText,
  url: '',
  headers,
  text: async () => body,
  json: async () => null,
  arrayBuffer: async () => new ArrayBuffer(0),
});

/**
 * The global `fetch`, or one that goes through a proxy; its library is loaded when there is a proxy.
 *
 * @example
 * const response = await (await fetchThrough({ https: 'http://proxy:3128' }))('https://example.org');
 */
export const fetchThrough = async (proxy: ProxyOptions = {}): Promise<Fetch> => {
  const { https = '', http = '', none = '' } = proxy;
  if (https === '' && http === '') return fetch;
  const { proxied } = await import('./proxied.ts');
  return proxied({ httpsProxy: https, httpProxy: http, noProxy: none });
};

/**
 * The beginning of an answer's body. One that breaks off says nothing under a status that has decided already.
 *
 * @example
 * const said = await beginningOf(await fetch('https://example.org'));
 */
export const beginningOf = async (response: Pick<Response, 'body' | 'ok'>): Promise<string> => {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      // Leaving the loop ends the request.
      if (text.length >= mostOfBody) break;
    }
  } catch (error) {
    if (networkCodeOf(error) === null || response.ok) throw error;
  }
  return text;
};

/** What `fetch` calls a program's own mistake: neither the network nor the far end has a part in it. */
const ownMistakes = /^(ERR_INVALID_|ERR_MODULE_|ERR_REQUIRE_|UND_ERR_INVALID_)/;

/**
 * The code nearest to the cause of a request that failed, which says what the outer "fetch failed" does not. `null`: it
 * is no failure of the network or the machine.
 */
export const networkCodeOf = (error: unknown): string | null => {
  let code: string | null = null;
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const named = (at as { code?: unknown }).code;
    if (typeof named === 'string') code = named;
    else if (at.name === 'TimeoutError' || at.name === 'AbortError') code = at.name;
    else if (at.message === 'bad port') return null;
    // Its words are those of the standard; what it stands for is in the cause, which need not have a code.
    else if (at instanceof TypeError && /^(fetch failed|terminated)$/.test(at.message))
      code ??= 'fetch-failed';
  }
  return code === null || ownMistakes.test(code) ? null : code;
};
