import { type ClientRequest, get, type IncomingMessage } from 'node:http';

/** As much of every kind of event as tests look at. */
export type EventData = {
  readonly [field in 'bot' | 'status' | 'health' | 'state' | 'reason' | 'ended_at']?: string | null;
};

export type Received = {
  readonly id: string;
  readonly event: string;
  readonly data: EventData;
  readonly at: number;
};

export type EventStream = {
  readonly status: number;
  readonly events: Received[];
  readonly comments: string[];
  readonly ended: () => boolean;
  readonly close: () => void;
};

const field = (block: string, name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];

/** Opens an event stream, and keeps what comes. */
export const openStream = (url: string, headers: Record<string, string> = {}): Promise<EventStream> =>
  new Promise((resolve, reject) => {
    const request: ClientRequest = get(url, { headers, agent: false }, (response: IncomingMessage) => {
      const events: Received[] = [];
      const comments: string[] = [];
      let rest = '';
      let ended = false;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = field(block, 'data');
          if (data === undefined) comments.push(block);
          else
            events.push({
              id: field(block, 'id') ?? '',
              event: field(block, 'event') ?? '',
              data: JSON.parse(data),
              at: performance.now(),
            });
        }
      });
      response.on('error', () => {});
      response.on('close', () => {
        ended = true;
      });
      resolve({
        status: response.statusCode ?? 0,
        events,
        comments,
        ended: () => ended,
        close: () => request.destroy(),
      });
    });
    request.on('error', reject);
  });
