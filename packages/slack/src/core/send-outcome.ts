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

/** Why a message was not taken: a closed set, fit for a metric's label. */
export type FailureReason = 'rate-limited' | 'server' | 'timeout' | 'dns' | 'tls' | 'network' | 'refused';

export type SendOutcome =
  | { readonly kind: 'sent' }
  /** May go well later, not before `afterMs` from now. */
  | {
      readonly kind: 'retry';
      readonly reason: FailureReason;
      readonly afterMs: number;
      readonly detail: string;
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
export const outcomeOf = (answer: Answer, { number, now, random }: Attempt): SendOutcome => {
  const wait = backoffMs(number, random);
  if ('error' in answer) {
    const { error } = answer;
    return { kind: 'retry', reason: reasonOf(error), afterMs: wait, detail: codeOf(error) };
  }
  const { status } = answer;
  const detail = `HTTP ${status}${named(answer.body)}`;
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status >= 400 && status < 500 && !passing.has(status))
    return {
      kind: 'permanent',
      reason: 'refused',
      of: ofMessage.has(status) ? 'message' : 'channel',
      detail,
    };
  return {
    kind: 'retry',
    reason: status === 429 ? 'rate-limited' : 'server',
    // What was asked for is the least; beyond it the backoff still grows.
    afterMs: Math.max(wait, parseRetryAfter(answer.retryAfter, now) ?? 0),
    detail,
  };
};

/** Slack names a refusal in one word. Anything else may be a page, or hold what is not ours to repeat. */
const named = (body: string | undefined): string => {
  const word = body?.trim() ?? '';
  return /^[a-z][a-z_]{1,39}$/.test(word) ? ` ${word}` : '';
};

const codeOf = (error: string): string => (/^[A-Za-z][\w-]{0,59}$/.test(error) ? error : 'unknown error');

const reasonOf = (code: string): FailureReason => {
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'dns';
  if (/TIMEOUT|TIMEDOUT/i.test(code) || code === 'AbortError') return 'timeout';
  if (/CERT|TLS|SSL|_CA_|ISSUER|SIGNATURE|EPROTO/.test(code)) return 'tls';
  return 'network';
};
