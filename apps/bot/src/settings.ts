import type { Costs } from './core/fill.ts';
import type { LoginPolicy } from './core/login-policy.ts';
import type { Rules } from './core/validate.ts';
import type { Env } from './env.ts';

const second = 1000;
const minute = 60 * second;

/** The demo lives faster, so that everything can be seen within its first minute. */
const paceOf = (env: Env) => ({
  pollMs: (env.POLLING_INTERVAL_SECONDS ?? (env.demo ? 1 : 15)) * second,
  errorWaitMs: (env.ERROR_WAIT_SECONDS ?? (env.demo ? 2 : 60)) * second,
  sessionMs: (env.LOGIN_TIMEOUT_MINUTES ?? (env.demo ? 0.3 : 30)) * minute,
  checkMs: (env.LOGIN_CHECK_SECONDS ?? (env.demo ? 5 : 60)) * second,
  loginRetryMs: (env.LOGIN_RETRY_SECONDS ?? (env.demo ? 2 : 30)) * second,
});

// Longer than this the loop must not be silent, whatever the errors: monitors call five minutes dead.
const longestErrorWaitMs = 2 * minute;

export const settingsOf = (env: Env) => {
  const { pollMs, errorWaitMs, sessionMs, checkMs, loginRetryMs } = paceOf(env);
  const rules: Rules = {
    symbols: env.ALLOWED_SYMBOLS.split(',').map((symbol) => symbol.trim().toUpperCase()),
    maxQuantity: env.MAX_QUANTITY,
    maxDailyTrades: env.MAX_DAILY_TRADES ?? (env.demo ? 10_000 : 10),
    maxDailyLoss: env.MAX_DAILY_LOSS ?? null,
    maxOpenPositions: env.MAX_OPEN_POSITIONS,
    maxSignalAgeMs: env.SIGNAL_MAX_AGE_SECONDS * second,
  };
  const login: LoginPolicy = {
    backoff: { firstMs: loginRetryMs, longestMs: Math.max(loginRetryMs, 15 * minute) },
    maxPasswords: env.LOGIN_MAX_WRONG_PASSWORDS,
    shortSessionMs: minute,
  };
  const costs: Costs = { slippageBps: 2, feePerContract: 0.62 };
  return {
    rules,
    login,
    costs,
    sessionMs,
    checkMs,
    pollMs,
    errorBackoff: {
      firstMs: errorWaitMs,
      longestMs: Math.max(errorWaitMs, Math.min(8 * errorWaitMs, longestErrorWaitMs)),
    },
    stageTimeoutMs: env.LOGIN_STAGE_TIMEOUT_SECONDS * second,
    timeZone: env.TZ ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    /** One recorded day lasts two seconds at speed 1. */
    barMs: Math.max(1, Math.round((2 * second) / env.SENTINEL_SPEED)),
    symbol: 'MCL',
    /** Barrels of a micro WTI contract. */
    multiplier: 100,
    signals: env.SIGNAL_SOURCE ?? (env.demo ? 'demo' : 'file'),
  } as const;
};

export type Settings = ReturnType<typeof settingsOf>;
