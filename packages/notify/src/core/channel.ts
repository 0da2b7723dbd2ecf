import type * as Zod from 'zod';
import type { Notification } from './notification.ts';
import type { HttpAnswer, SendOutcome } from './outcome.ts';
import type { PressSource } from './presses.ts';
import type { Alert } from './read-alert.ts';
import type { Floor } from './severity.ts';

export type Batch = {
  /** The oldest first. If there are several, they had to wait and are sent together. */
  readonly alerts: readonly Alert[];
  /** An earlier try to send this batch may have arrived. */
  readonly mayBeDouble: boolean;
  /** Why the usual form was refused: then the batch is sent as plain text. `null`: it was not refused. */
  readonly refusal: string | null;
};

export type Pace = {
  /** The shortest time between two messages, in ms. */
  readonly betweenMs: number;
  /** Up to this number, waiting messages are sent one by one; more are sent together. */
  readonly mostSingle: number;
  /** The most alerts in one message. */
  readonly mostTogether: number;
};

/** HTTP as a channel may use it: through the proxy, with a limit of time, redirects not followed. */
export type Http = {
  /**
   * Makes a request. A failure of the network or of the service is an answer, not an exception.
   *
   * @throws only for a fault of this program (as a rejection).
   */
  readonly request: (url: string, init: HttpInit) => Promise<HttpAnswer>;
  /** Opens a WebSocket. Default: the one of the runtime, without a proxy. */
  readonly openSocket?: (url: string) => Promise<WebSocket>;
};

/** What a channel remembers, also over the death of the monitor. It stands in the journal, and may hold no secret. */
export type ChannelMemory = {
  /** What was set last; `undefined`: nothing, or it cannot be read. */
  readonly get: (key: string) => unknown;
  readonly set: (key: string, value: unknown) => void;
};

export type HttpInit = {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How much of the answer is read, in characters. Default: 4096. */
  readonly mostOfAnswer?: number;
  /** How long it may take, in ms. Default: that of the whole. */
  readonly timeoutMs?: number;
  /** Breaks it off. */
  readonly signal?: AbortSignal;
};

/** Posts `body` as JSON. `key` is the same for every try to send it. */
export const postJson = (
  http: Http,
  url: string,
  key: string,
  body: unknown,
  headers: HttpInit['headers'] = {},
): Promise<HttpAnswer> =>
  http.request(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...headers },
    body: JSON.stringify(body),
  });

/** What every channel says of a batch beside its alerts. */
export const batchNotes = {
  waited: (count: number) => `${count} notifications that had to wait`,
  mayBeDouble: 'may have come before: an earlier try was not answered',
  asText: (refusal: string) => `sent as plain text: its usual form was refused, ${refusal}`,
} as const;

/**
 * One way to reach people, such as Slack or a webhook that accepts JSON. It has no state: the delivery knows what waits,
 * how long and for which channel, and the journal what the channel remembers.
 *
 * @example
 * // A service that answers `taken`, and refuses in words that begin with `refused`.
 * const textChannel: ChannelKind<WebhookOptions> = {
 *   ...webhook,
 *   kind: 'text',
 *   pace: { betweenMs: 1000, mostSingle: 10, mostTogether: 100 },
 *   send: async ({ alerts }, key, { options, http }) => {
 *     const body = alerts.map(({ line }) => line).join('\n');
 *     const answer = await http.request(options.url, { method: 'POST', headers: { 'Idempotency-Key': key }, body });
 *     const takes = (text: string) => text === 'taken';
 *     const refuses = (text: string) => text.startsWith('refused');
 *     return outcomeOf(answer, { whose: "the service's", takes, refuses });
 *   },
 * };
 */
export type ChannelKind<Options> = {
  /** Its name: `slack`. */
  readonly kind: string;
  /** The schema of its options, for a config file. It gets zod as an argument, because zod takes long to load. */
  readonly optionsSchema: (z: typeof Zod) => Zod.ZodType<Options>;
  /** Why these options cannot be used; `null`: they can. Contains no secret. */
  readonly faultOf: (options: Options) => string | null;
  readonly pace: Pace;
  /**
   * Alarms that are open are sent again so often, in ms: for a service that takes one that is not repeated for over.
   * Default: it remembers by itself.
   */
  readonly resendMs?: number;
  /**
   * Loads what the channel needs, and is called when the channel is set up: by the first alert the program on the disk may be
   * another version, or no descriptor may be left to read it. Default: nothing is loaded late.
   */
  readonly load?: () => Promise<unknown>;
  /** The parts of the options that must not be in a log, error or file. */
  readonly secrets: (options: Options) => readonly string[];
  /**
   * Whether the channel is for this notification. Default: it is for all of them. A service that knows only alarms and
   * their end has no place for a note.
   */
  readonly takes?: (notification: Notification) => boolean;
  /** Hears what people press in its messages. Default: nobody listens. `null`: these options do not want it. */
  readonly presses?: (options: Options) => PressSource | null;
  /**
   * Sends a batch. `key` is the same for every try of it. `now` is in ms since the epoch.
   *
   * @throws only for a fault of this program (as a rejection).
   */
  readonly send: (
    batch: Batch,
    key: string,
    to: {
      readonly options: Options;
      readonly http: Http;
      readonly now: number;
      readonly memory: ChannelMemory;
    },
  ) => Promise<SendOutcome>;
  /**
   * Changes one message that was sent before, while nothing waits to be sent. `null`: there is nothing to change. Default:
   * what was sent stays as it is.
   *
   * @throws only for a fault of this program (as a rejection).
   */
  readonly amend?: (to: {
    readonly options: Options;
    readonly http: Http;
    readonly memory: ChannelMemory;
  }) => Promise<SendOutcome | null>;
};

export type ChannelPlace = {
  /** Its name in logs, in the journal and in metrics. */
  readonly name: string;
  /** The lowest severity that is sent to it; `escalated`: only what a rung of the escalation sends to it. Default: `info`. */
  readonly floor?: Floor;
  /** Used only for messages that another channel cannot deliver; for all messages if there is no other. Default: false. */
  readonly fallback?: boolean;
};

/** A destination of notifications. */
export type Channel = ChannelPlace &
  Pick<ChannelKind<unknown>, 'kind' | 'pace' | 'resendMs'> & {
    readonly fault: string | null;
    readonly secrets: readonly string[];
    readonly takes: (notification: Notification) => boolean;
    /** `null`: nobody listens. */
    readonly presses: PressSource | null;
    /** `now` is in ms since the epoch. */
    readonly send: (
      batch: Batch,
      key: string,
      http: Http,
      now: number,
      memory: ChannelMemory,
    ) => Promise<SendOutcome>;
    /** Default: there is never anything to change. */
    readonly amend?: (http: Http, memory: ChannelMemory) => Promise<SendOutcome | null>;
  };

/**
 * A channel of some kind.
 *
 * @example
 * const channel = channelOf(jsonChannel, { url: 'https://example.org/alerts' }, { name: 'ops', floor: 'critical' });
 */
export const channelOf = <Options>(
  channel: ChannelKind<Options>,
  options: Options,
  place: ChannelPlace,
): Channel => {
  const { kind, pace, resendMs, load, faultOf, secrets, takes = () => true, presses, send, amend } = channel;
  // What cannot be loaded is a fault of the first message.
  if (load !== undefined) void Promise.allSettled([load()]);
  return {
    ...place,
    kind,
    pace,
    fault: faultOf(options),
    secrets: secrets(options),
    takes,
    presses: presses?.(options) ?? null,
    ...(resendMs === undefined ? {} : { resendMs }),
    send: (batch, key, http, now, memory) => send(batch, key, { options, http, now, memory }),
    ...(amend === undefined ? {} : { amend: (http, memory) => amend({ options, http, memory }) }),
  };
};
