import type * as Zod from 'zod';
import type { Severity } from './notification.ts';
import type { HttpAnswer, SendOutcome } from './outcome.ts';
import type { Alert } from './read-alert.ts';

/** What goes out as one message. */
export type Batch = {
  /** The oldest first. More than one: they had to wait, and go out together. */
  readonly alerts: readonly Alert[];
  /** An earlier try to send it may have arrived. */
  readonly mayBeDouble: boolean;
  /** Why its usual form was refused: it goes out as plain text then. `null`: it was not. */
  readonly refusal: string | null;
};

/** How fast a channel takes messages. */
export type Pace = {
  /** The shortest time between two messages, in ms. */
  readonly betweenMs: number;
  /** So many that wait go out one by one; more of them go out together. */
  readonly mostSingle: number;
  /** So many fit into one message. */
  readonly mostTogether: number;
};

/** HTTP as a channel may use it: through the proxy, with a limit of time, redirects not followed. */
export type Http = {
  /**
   * Makes a request. What the network and the far end do is an answer.
   *
   * @throws only for a fault of this program (as a rejection).
   */
  readonly request: (url: string, init: HttpInit) => Promise<HttpAnswer>;
};

export type HttpInit = {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/**
 * One way to reach people: Slack, a webhook that takes JSON, others to come. It holds no state: what waits, how long and
 * for whom is the delivery's.
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
  /** What its options may be, for a config file. It is given zod, which takes long to load. */
  readonly optionsSchema: (z: typeof Zod) => Zod.ZodType<Options>;
  /** Why these options cannot be used; `null`: they can. Repeats no secret. */
  readonly faultOf: (options: Options) => string | null;
  readonly pace: Pace;
  /** What of the options may stand in no log, error or file. */
  readonly secrets: (options: Options) => readonly string[];
  /**
   * Sends a batch. `key` is the same for every try of it.
   *
   * @throws only for a fault of this program (as a rejection).
   */
  readonly send: (batch: Batch, key: string, to: { options: Options; http: Http }) => Promise<SendOutcome>;
};

/** Where a channel stands among the others. */
export type ChannelPlace = {
  /** Its name in logs, in the journal and in metrics. */
  readonly name: string;
  /** What is less severe is not sent there. Default: `info`. */
  readonly floor?: Severity;
  /** Used only for what another channel cannot take; for everything where there is no other. Default: false. */
  readonly fallback?: boolean;
};

/** A place that notifications are sent to. */
export type Channel = ChannelPlace &
  Pick<ChannelKind<unknown>, 'kind' | 'pace'> & {
    readonly fault: string | null;
    readonly secrets: readonly string[];
    readonly send: (batch: Batch, key: string, http: Http) => Promise<SendOutcome>;
  };

/**
 * A channel of some kind.
 *
 * @example
 * const channel = channelOf(jsonChannel, { url: 'https://example.org/alerts' }, { name: 'ops', floor: 'critical' });
 */
export const channelOf = <Options>(
  { kind, pace, faultOf, secrets, send }: ChannelKind<Options>,
  options: Options,
  place: ChannelPlace,
): Channel => ({
  ...place,
  kind,
  pace,
  fault: faultOf(options),
  secrets: secrets(options),
  send: (batch, key, http) => send(batch, key, { options, http }),
});
