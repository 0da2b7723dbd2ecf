import { silenceMs } from '../core/link.ts';
import { readSse, type StreamEvent, sseStart } from '../core/sse.ts';
import { address, isOfTheNetwork, readHeaders } from './api.ts';

type StreamHandlers = {
  /** The API answered and will now speak. */
  readonly opened: () => void;
  /** Bytes arrived, be it only a comment. */
  readonly heard: () => void;
  readonly event: (event: StreamEvent) => void;
};

export type StreamEnd = { readonly kind: 'ended'; readonly why: string } | { readonly kind: 'refused' };

/**
 * Reads the event stream once, to its end. `fetch` and not `EventSource`: it can send a token, and it shows the
 * comments between events, so that a connection that has silently died is noticed.
 */
export const readStream = async (
  lastEventId: string | null,
  handlers: StreamHandlers,
  signal: AbortSignal,
): Promise<StreamEnd> => {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceMs);
  };
  heard();
  /** Why nothing comes any more; a fault of this page is thrown. */
  const lost = (error: unknown): StreamEnd => {
    if (silence.signal.aborted) return { kind: 'ended', why: 'the API went silent' };
    if (!signal.aborted && !isOfTheNetwork(error)) throw error;
    return { kind: 'ended', why: 'the API cannot be reached' };
  };
  try {
    const response = await fetch(address('heartbeat/stream'), {
      headers: {
        ...readHeaders(),
        accept: 'text/event-stream',
        ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
      },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    }).catch(lost);
    if ('kind' in response) return response;
    if (response.status === 401) return { kind: 'refused' };
    if (!response.ok || response.body === null)
      return { kind: 'ended', why: `the API answered ${response.status}` };
    handlers.opened();
    let rest = sseStart;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const part = await reader.read().catch(lost);
      if ('kind' in part) return part;
      const { done, value } = part;
      if (done) return { kind: 'ended', why: 'the API closed the connection' };
      heard();
      handlers.heard();
      const read = readSse(rest, value);
      rest = read.rest;
      for (const event of read.events) handlers.event(event);
    }
  } finally {
    clearTimeout(timer);
  }
};
