import { type Backoff, backoffMs } from '@sentinel/heartbeat-core';

export type LoginOutcome =
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'already-signed-in' }
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'needs-person'; readonly what: 'captcha' | 'second factor' }
  | { readonly kind: 'timed-out'; readonly during: string }
  | { readonly kind: 'failed'; readonly during: string; readonly why: string };

export type LoginPolicy = {
  readonly backoff: Backoff;
  /**
   * Brokers lock an account after a few refused passwords: the bot stops before they do. Every password counts that
   * no session came of, also one that was never answered: the page may refuse in words that nobody taught the bot.
   */
  readonly maxPasswords: number;
  /** A session that the broker ends sooner counts as a failure: two that end each other's session must not race, ms. */
  readonly shortSessionMs: number;
};

/** Remembered over restarts: a bot that is restarted in a loop must not use up the broker's patience. */
export type LoginState = {
  /** Attempts in a row that did not end signed in. */
  readonly failures: number;
  /** Passwords sent in a row that no session came of. */
  readonly passwords: number;
  /** Sessions in a row that the broker ended soon. */
  readonly shortSessions: number;
  /** The wait counts from here: the end of the last attempt, or its begin when the bot did not live to see the end. */
  readonly lastAttemptAt: number;
  /** Why a person has to look, until one has. */
  readonly asks: string | null;
};

export const freshLogin: LoginState = {
  failures: 0,
  passwords: 0,
  shortSessions: 0,
  lastAttemptAt: 0,
  asks: null,
};

type LoginDecision =
  | { readonly action: 'try' }
  | { readonly action: 'wait'; readonly untilAt: number; readonly failures: number }
  | { readonly action: 'ask-person'; readonly why: string };

export const decideLogin = (state: LoginState, now: number, policy: LoginPolicy): LoginDecision => {
  const { backoff, maxPasswords } = policy;
  if (state.asks !== null) return { action: 'ask-person', why: state.asks };
  if (state.passwords >= maxPasswords)
    return {
      action: 'ask-person',
      why: `the password was sent ${state.passwords} times in a row and no session came of it`,
    };
  if (state.failures === 0) return { action: 'try' };
  const delay = backoffMs(state.failures, backoff);
  const untilAt = state.lastAttemptAt + delay;
  // A clock that was set back must not turn a wait of seconds into one of years.
  const left = Math.min(untilAt - now, delay);
  return left <= 0 ? { action: 'try' } : { action: 'wait', untilAt: now + left, failures: state.failures };
};

/** Written before the attempt, so that one during which the bot is killed counts as a failed one. */
export const beforeAttempt = (state: LoginState, now: number): LoginState => ({
  ...state,
  failures: state.failures + 1,
  lastAttemptAt: now,
});

/** Written before the password is sent: whatever becomes of this bot, the broker has counted it. */
export const beforePassword = (state: LoginState): LoginState => ({
  ...state,
  passwords: state.passwords + 1,
});

/** `state` is that of {@link beforeAttempt}, `now` the end of the attempt. */
export const afterAttempt = (state: LoginState, outcome: LoginOutcome, now: number): LoginState => {
  switch (outcome.kind) {
    case 'signed-in':
    case 'already-signed-in':
      return { ...freshLogin, shortSessions: state.shortSessions, lastAttemptAt: now };
    case 'needs-person':
      return { ...state, asks: `the broker asks for a ${outcome.what}`, lastAttemptAt: now };
    case 'wrong-password':
    case 'timed-out':
    case 'failed':
      return { ...state, lastAttemptAt: now };
  }
};

/** The stop cut the attempt short: that says nothing about the broker. A password that was sent still counts. */
export const afterCutShort = (state: LoginState): LoginState =>
  state.passwords > 0 ? state : { ...state, failures: state.failures - 1 };

/** The broker ended a session that lasted `lastedMs`. */
export const afterLoss = (
  state: LoginState,
  lastedMs: number,
  now: number,
  { shortSessionMs }: LoginPolicy,
): LoginState => {
  const shortSessions = lastedMs < shortSessionMs ? state.shortSessions + 1 : 0;
  return { ...state, shortSessions, failures: shortSessions, lastAttemptAt: now };
};

/** The outcome of a failed attempt in words, for status, log and alert. */
export const explainOutcome = (outcome: LoginOutcome): string => {
  switch (outcome.kind) {
    case 'signed-in':
      return 'signed in';
    case 'already-signed-in':
      return 'already signed in';
    case 'wrong-password':
      return 'the broker refused user name or password';
    case 'needs-person':
      return `the broker asks for a ${outcome.what}: a person has to sign in`;
    case 'timed-out':
      return `time-out during ${outcome.during}`;
    case 'failed':
      return `${outcome.during} failed: ${outcome.why}`;
  }
};
