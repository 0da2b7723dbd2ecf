import { beginningOf, type Fetch, fetchThrough, networkCodeOf, type ProxyOptions } from '@sentinel/notify';
import type { FetchFunction } from '@slack/webhook';
import type { Channel } from '../core/channel.ts';
import type { Answer } from '../core/send-outcome.ts';

export type PosterOptions = {
  readonly timeoutMs: number;
  readonly proxy?: ProxyOptions | undefined;
};

/**
 * Posts one message; `key` is the same for every try of it. What the network and the far end do is an answer; it rejects
 * with a fault of this program only.
 */
export type Post = (payload: Readonly<Record<string, unknown>>, key: string) => Promise<Answer>;

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
