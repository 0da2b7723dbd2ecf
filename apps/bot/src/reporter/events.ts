import type { Closed, Order } from '../broker/broker.ts';
import type { DayResult } from '../store/results.ts';

/** What the bot has to tell people, as facts. */
export type BotEvent =
  | { readonly kind: 'startup'; readonly broker: string; readonly signals: string }
  /** `ends`: a person had been asked for it. */
  | { readonly kind: 'login-success'; readonly already: boolean; readonly ends?: 'critical' }
  | { readonly kind: 'login-failure'; readonly reason: string; readonly failures: number }
  | { readonly kind: 'signal-rejected'; readonly signalId: string; readonly reason: string }
  | { readonly kind: 'trade-executed'; readonly order: Order; readonly price: number; readonly fee: number }
  | { readonly kind: 'trade-failed'; readonly order: Order; readonly reason: string }
  | { readonly kind: 'position-closed'; readonly closed: Closed }
  | {
      readonly kind: 'daily-summary';
      readonly day: string;
      readonly trades: number;
      readonly result: DayResult;
    }
  | { readonly kind: 'custom'; readonly severity: 'info' | 'warning' | 'critical'; readonly text: string };

/** Tells people. Never rejects: a message that cannot be sent does not stop the trading. */
export type Report = (event: BotEvent) => Promise<void>;
