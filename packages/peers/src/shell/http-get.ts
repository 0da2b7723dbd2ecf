import { beginningOf, explainFailure, networkFailureOf } from '@sentinel/notify';
import type { PeerPorts } from './ports.ts';

/** No question takes longer, in ms: less than the time between two of them. */
const timeoutMs = 3000;
/** The reports of hundreds of bots are shorter. In characters. */
const mostOfBody = 1_000_000;

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Asks over HTTP. A redirect is an answer: a token is for one address only. */
export const httpGet =
  (fetching: Fetch): PeerPorts['get'] =>
  async (url, headers) => {
    try {
      const response = await fetching(url, {
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const type = response.headers.get('content-type') ?? '';
      // What breaks off is no answer, whatever its status.
      const body = await beginningOf({ body: response.body, ok: true }, mostOfBody);
      return { status: response.status, type, body };
    } catch (error) {
      const failure = networkFailureOf(error);
      if (failure === null) throw error;
      return { trouble: explainFailure(failure) };
    }
  };
