import type { Channel } from './channel.ts';

/** What the far end answered, or why it could not be asked. */
export type Answer =
  | {
      readonly status: number;
      /** The `Retry-After` header as it came. */
      readonly retryAfter: string | null;
      /** The first characters of the body: Slack names its refusals there (`no_service`). */
      readonly body?: string;
    }
  /** The code of the error that kept the request from being answered: `ENOTFOUND`, `TimeoutError`. */
  | { readonly error: string };

/**
 * Why a message was not taken: a closed set, fit for a metric's label. `foreign`: somebody else than Slack answered, a
 * proxy or a sign-in page. `fault`: this program failed, not the network.
 */
export type FailureReason =
  | 'rate-limited'
  | 'server'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'network'
  | 'refused'
  | 'foreign'
  | 'fault';

export type SendOutcome =
  | { readonly kind: 'sent' }
  /** May go well later, not before `afterMs` from now. */
  | {
      readonly kind: 'retry';
      readonly reason: FailureReason;
      readonly afterMs: number;
      readonly detail: string;
      /** A plain and shorter form may pass where this one did not. */
      readonly plain?: boolean;
    }
  /** Will not go well by being sent again: this `message` is refused, or the `channel` is gone. */
  | {
      readonly kind: 'permanent';
      readonly reason: 'refused';
      readonly of: 'message' | 'channel';
      readonly detail: string;
    };

/** What an outcome depends on beside the answer. */
export type Attempt = {
  readonly kind: Channel['kind'];
  /** Which try this was, from 1. */
  readonly number: number;
  /** ms since the epoch, for a `Retry-After` that is a date. */
  readonly now: number;
  /** From 0 to 1: spreads the retries of many senders. */
  readonly random: number;
};

const firstMs = 1000;
const longestMs = 5 * 60_000;
/** A longer `Retry-After` is a mistake, and must not silence alerts for a day. */
const longestRetryAfterMs = 60 * 60_000;

/** Client errors that pass by themselves. */
const passing = new Set([407, 408, 409, 421, 423, 425, 429]);
/** Refusals of this one message, which say nothing about the next. */
const ofMessage = new Set([400, 413, 415, 422]);

/** The wait after a try, in ms: doubling to five minutes, of which the upper half is left to chance. */
export const backoffMs = (number: number, random: number): number => {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(number - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
};

/** A `Retry-After` in ms from `now`: seconds, or a date. `null` when it is neither. */
export const parseRetryAfter = (header: string | null, now: number): number | null => {
  const text = header?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(longestRetryAfterMs, Math.max(0, Math.ceil(ms))) : null;
};

/** What is to be done after a try. */
export const outcomeOf = (answer: Answer, { kind, number, now, random }: Attempt): SendOutcome => {
  const wait = backoffMs(number, random);
  if ('error' in answer) {
    const { error } = answer;
    return { kind: 'retry', reason: reasonOf(error), afterMs: wait, detail: codeOf(error) };
  }
  const { status, body = '' } = answer;
  const text = body.trim();
  // What was asked for is the least; beyond it the backoff still grows.
  const asked = Math.max(wait, parseRetryAfter(answer.retryAfter, now) ?? 0);
  const later = (reason: FailureReason, words: string, afterMs = asked): SendOutcome => {
    return { kind: 'retry', reason, afterMs, detail: `HTTP ${status}${words}` };
  };
  if (status >= 200 && status < 300)
    return isTaken(kind, text)
      ? { kind: 'sent' }
      : later('foreign', `, but not Slack's ok: ${kindOfText(text)}`);
  if (status >= 300 && status < 400) return later('foreign', ', a redirect, which is not followed');
  if (status < 400 || status >= 500 || passing.has(status))
    return later(status === 429 ? 'rate-limited' : 'server', named(text));
  // One page of a proxy must not silence a webhook that Slack has said nothing against.
  if (!isRefusal(kind, text)) {
    const slowly = Math.max(asked, slowMs(number, random));
    const outcome = later('foreign', `, not in Slack's words: ${kindOfText(text)}`, slowly);
    return { ...outcome, ...(ofMessage.has(status) ? { plain: true } : {}) };
  }
  return {
    kind: 'permanent',
    reason: 'refused',
    of: ofMessage.has(status) ? 'message' : 'channel',
    detail: `HTTP ${status}${named(text)}`,
  };
};

/** Slack's whole answer to a message that it took. Nobody knows what another address answers: no page, at least. */
const isTaken = (kind: Channel['kind'], text: string) => (kind === 'slack' ? text === 'ok' : !isPage(text));

/**
 * The words in which Slack refuses what is sent to a webhook, as its documentation lists them. Any other one, `access_denied`
 * say, is a proxy's as likely as a new one of Slack's: it is tried again.
 */
const slackRefusals: ReadonlySet<string> = new Set([
  'action_prohibited',
  'channel_is_archived',
  'channel_not_found',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_payload',
  'invalid_token',
  'missing_text_or_fallback_or_attachments',
  'no_active_hooks',
  'no_service',
  'no_service_id',
  'no_team',
  'no_text',
  'posting_to_general_channel_denied',
  'team_disabled',
  'too_many_attachments',
  'user_not_found',
]);

const isRefusal = (kind: Channel['kind'], text: string) =>
  kind === 'slack' ? slackRefusals.has(text) : !isPage(text);

const isPage = (text: string) => text.startsWith('<');

/** What came, without what it says: a page may repeat the address that was asked for. */
const kindOfText = (text: string): string => {
  if (text === '') return 'an empty answer';
  if (isPage(text)) return 'a page of HTML';
  if (/^[[{]/.test(text)) return 'JSON';
  return named(text) === '' ? 'another text' : `the word${named(text)}`;
};

/** The wait after a refusal that is not Slack's: from half a minute to five minutes, half of it left to chance. */
const slowMs = (number: number, random: number) => backoffMs(number + 5, random);

/** Slack names a refusal in one word. Anything else may be a page, or hold what is not ours to repeat. */
const named = (word: string): string => (/^[a-z][a-z_]{1,39}$/.test(word) ? ` ${word}` : '');

/** Codes that say nothing to people. */
const inWords: Readonly<Record<string, string>> = {
  EMFILE: 'EMFILE, too many open files: raise the limit of the process',
  ENFILE: 'ENFILE, too many open files on this machine',
  UND_ERR_ABORTED: 'UND_ERR_ABORTED, the proxy did not connect',
  UND_ERR_SOCKET: 'UND_ERR_SOCKET, the other side hung up',
  TimeoutError: 'TimeoutError, no answer in time',
};

const codeOf = (error: string): string =>
  inWords[error] ?? (/^[A-Za-z][\w-]{0,59}$/.test(error) ? error : 'unknown error');

const reasonOf = (code: string): FailureReason => {
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'dns';
  if (/TIMEOUT|TIMEDOUT/i.test(code) || code === 'AbortError') return 'timeout';
  if (/CERT|TLS|SSL|_CA_|ISSUER|SIGNATURE|EPROTO/.test(code)) return 'tls';
  return 'network';
};
