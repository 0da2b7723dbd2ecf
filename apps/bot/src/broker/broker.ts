import type { Exit, Side } from '../core/fill.ts';

export type Order = {
  /** Chosen by the bot, the same for the same signal: the broker executes it at most once. */
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly target: number;
  readonly stop: number;
};

export type Placed =
  | { readonly kind: 'filled'; readonly price: number; readonly fee: number }
  | { readonly kind: 'rejected'; readonly reason: string };

/** A position that its target or stop has closed. `seq` rises by one with each. */
export type Closed = {
  readonly seq: number;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly entry: number;
  readonly exit: number;
  readonly profit: number;
  readonly why: Exit['why'];
  readonly at: number;
};

export type Held = {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  /** A stop rests at the broker. */
  readonly hasStop: boolean;
};

/** The broker has signed the bot out: nothing was asked or sent. */
export class SessionGoneError extends Error {
  override readonly name = 'SessionGoneError';
}

/**
 * Where orders go. Every method rejects when the broker cannot be asked.
 * A rejected `place` says nothing about the order: it may have been executed, and `find` tells.
 */
export type Broker = {
  /** Which account it is: closed positions have their numbers within it. The same over restarts. */
  readonly account: string;
  /** How long after it was sent an order may still turn up at the broker, ms. 0 where `place` and `find` take turns. */
  readonly inFlightMs: number;
  readonly price: (symbol: string) => Promise<number | null>;
  /** Executes at most once for one order id; asked again, it answers as before. */
  readonly place: (order: Order) => Promise<Placed>;
  /** What became of an order, `null` when the broker has never had it. */
  readonly find: (orderId: string) => Promise<Placed | null>;
  readonly openPositions: () => Promise<number>;
  /** The same, one by one; `null`: the broker does not show them. */
  readonly positions: () => Promise<readonly Held[] | null>;
  /** Positions closed after number `seq`, oldest first. */
  readonly closedAfter: (seq: number) => Promise<readonly Closed[]>;
};
