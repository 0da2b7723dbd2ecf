import { explainFailure, networkFailureOf } from '@sentinel/notify';
import type { PeerPorts } from './ports.ts';

/** No question takes longer, in ms: less than the time between two of them. */
const timeoutMs = 3000;
/** The reports of hundreds of bots are shorter. In characters. */
const mostOfBody = 1_000_000;

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const readBody = async (response: Response): Promise<string> => {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    // Leaving the loop ends the request.
    if (text.length > mostOfBody) break;
  }
  return text;
};

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
      return { status: response.status, type, body: await readBody(response) };
    } catch (error) {
      const failure = networkFailureOf(error);
      if (failure === null) throw error;
      return { trouble: explainFailure(failure) };
    }
  };
