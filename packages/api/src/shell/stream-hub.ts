import type { ServerResponse } from 'node:http';
import { type EventId, formatEventId, isAfter, nextEventId } from '../core/event-id.ts';
import { eventText, keepAliveText, retryText } from '../core/event-text.ts';
import { every } from './every.ts';

type KeptEvent = {
  readonly id: EventId;
  readonly bot: string;
  readonly text: string;
};

export type StreamHub = {
  /** Sends to every open stream that wants this bot. */
  readonly publish: (bot: string, events: readonly StreamMessage[]) => void;
  /** Adds an open response. `first` is what it gets at once; `after` resumes behind that event. */
  readonly join: (client: StreamClient, first: readonly StreamMessage[], after: EventId | null) => void;
  readonly count: () => number;
  readonly close: () => void;
};

export type StreamClient = { readonly response: ServerResponse; readonly wants: (bot: string) => boolean };
type StreamMessage = { readonly event: string; readonly data: unknown };

const keptEvents = 500;
const keepAliveMs = 15_000;
/** What a client may leave unread before it is let go: it comes back and resumes. */
const mostUnreadBytes = 256 * 1024;
/** What a client that comes back is told of what it missed; it must be able to leave that unread for a while. */
const mostMissedBytes = mostUnreadBytes / 2;

/** Keeps the open streams and the last events, so that a client that comes back misses none of them. */
export const createStreamHub = (now: () => number): StreamHub => {
  const clients = new Set<StreamClient>();
  const kept: KeptEvent[] = [];
  let last: EventId = { at: now(), n: 0 };

  const write = (client: StreamClient, text: string | Buffer) => {
    client.response.write(text);
    if (client.response.writableLength > mostUnreadBytes) client.response.destroy();
  };
  const keepAlive = every(keepAliveMs, () => {
    for (const client of clients) write(client, keepAliveText);
  });

  return {
    publish: (bot, events) => {
      const texts = events.map(({ event, data }) => {
        last = nextEventId(last, now());
        const text = eventText(formatEventId(last), event, data);
        // A status is sent anew to whoever connects; only what cannot be asked for again is kept.
        if (event !== 'status') kept.push({ id: last, bot, text });
        return text;
      });
      kept.splice(0, Math.max(0, kept.length - keptEvents));
      // Encoded once, and one write for each client: with a thousand of them that is what counts.
      const bytes = Buffer.from(texts.join(''));
      for (const client of clients) if (client.wants(bot)) write(client, bytes);
    },
    join: (client, first, after) => {
      clients.add(client);
      client.response.once('close', () => clients.delete(client));
      const missed =
        after === null ? [] : kept.filter(({ id, bot }) => isAfter(id, after) && client.wants(bot));
      const id = formatEventId(last);
      const now = first.map(({ event, data }) => eventText(id, event, data));
      // Not by `write`: whoever was let go for this first piece would come back, get it again, and never get on.
      client.response.write([retryText, ...newest(missed), ...now].join(''));
    },
    count: () => clients.size,
    close: () => {
      keepAlive.stop();
      for (const { response } of clients) response.end();
      clients.clear();
    },
  };
};

/** The newest of the events that fit, oldest first: the older ones are in the journal. */
const newest = (events: readonly KeptEvent[]): readonly string[] => {
  let bytes = 0;
  const first = events.findLastIndex(({ text }) => {
    bytes += Buffer.byteLength(text);
    return bytes > mostMissedBytes;
  });
  return events.slice(first + 1).map(({ text }) => text);
};
