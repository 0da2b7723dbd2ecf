import type { Severity } from '@sentinel/notify';

/**
 * How severe the messages of the old Python reporter are, by their type: as our own events of the same meaning. Any other
 * type is `info`.
 */
const severities: Readonly<Record<string, Severity>> = {
  error: 'critical',
  login_failed: 'warning',
  trade_failed: 'warning',
  github_update_error: 'warning',
  shutdown: 'warning',
  restart: 'warning',
  login_success: 'info',
  trade_executed: 'info',
  profit: 'info',
  loss: 'info',
  startup: 'info',
  signal_rejected: 'info',
  github_update: 'info',
};

export const severityOfType = (type: string): Severity =>
  (Object.hasOwn(severities, type) ? severities[type] : undefined) ?? 'info';

/** What the old reporter was given beside the message. */
const labels = {
  symbol: 'Symbol',
  direction: 'Direction',
  entry: 'Entry',
  tp: 'Take profit',
  sl: 'Stop loss',
  profit: 'Profit',
} as const;

export type TradeExtras = { readonly [Key in keyof typeof labels]?: string | number };

/** What of them was given, as facts with their names. */
export const extraFields = (given: TradeExtras): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).flatMap(([key, label]) => {
      const value: unknown = given[key as keyof TradeExtras];
      return typeof value === 'string' || typeof value === 'number' ? [[label, String(value)]] : [];
    }),
  );
