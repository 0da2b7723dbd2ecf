import type { CommonFacts, Severity } from './notification.ts';

type EndFacts = {
  /** How severe that was: who heard of it hears of its end. */
  readonly ends?: Severity;
};

export type CustomNotification = CommonFacts & {
  readonly kind: 'custom';
  readonly severity: Severity;
  readonly text: string;
  /** It says that this is over. */
  readonly closes?: 'incident' | 'session-lost';
  readonly title?: string;
  readonly fields?: Readonly<Record<string, string>>;
} & EndFacts;

/** What the bot's own reporter says. Amounts are in the account's currency. */
export type BotNotification = CommonFacts & { readonly sessionId?: string } & (
    | { readonly kind: 'startup'; readonly broker: string; readonly signals: string }
    | ({ readonly kind: 'login-success'; readonly already?: boolean } & EndFacts)
    | { readonly kind: 'login-failure'; readonly reason: string; readonly failures: number }
    | { readonly kind: 'signal-rejected'; readonly signalId: string; readonly reason: string }
    | ({ readonly kind: 'trade-executed'; readonly price: number; readonly fee: number } & TradeFacts)
    | ({ readonly kind: 'trade-failed'; readonly reason: string } & TradeFacts)
    | ({ readonly kind: 'profit' } & ResultFacts)
    | ({ readonly kind: 'loss' } & ResultFacts)
    | ({ readonly kind: 'daily-summary'; readonly day: string; readonly trades: number } & DayFacts)
    | CustomNotification
  );

export type TradeFacts = {
  readonly orderId: string;
  readonly side: string;
  readonly quantity: number;
  readonly symbol: string;
};

export type ResultFacts = {
  /** Above 0 for both: the kind tells which way it went. */
  readonly amount: number;
  readonly symbol: string;
  /** What closed the position: `target`, `stop`. */
  readonly why: string;
};

type DayFacts = {
  readonly closed: number;
  readonly won: number;
  readonly lost: number;
  /** Below 0 where the day ended with a loss. */
  readonly profit: number;
};
