import type { Closed, Order } from '../broker/broker.ts';
import type { Signal } from './signal.ts';

const money = (amount: number) => `${amount < 0 ? '-' : '+'}${Math.abs(amount).toFixed(2)}`;
const orderWords = ({ side, quantity, symbol }: Order) => `${side} ${quantity} ${symbol}`;

/** Every status that the bot can write, in one place: what stands here is the golden list of docs/integration.md. */
export const statuses = {
  starting: '🔄 Trading sentinel starting',
  loginStep: (step: string) => `⏳ Login - ${step}`,
  loginSuccessful: '✅ Login successful',
  alreadySignedIn: '✅ Login successful - already signed in',
  loginFailed: (why: string) => `❌ Login failed - ${why}`,
  // ❌ and not ⏳: until the bot is signed in again it is not well, however busily it waits.
  loginWait: (seconds: number, failures: number) =>
    `❌ Login waits ${seconds} s for the next try - failures in a row: ${failures}`,
  loginAsks: (why: string) => `❌ Login needs a person - ${why}`,
  renewal: '🔄 Session renewal',
  sessionCheck: '⏳ Session check',
  sessionActive: '✅ Session active',
  sessionLost: '❌ Session lost - the broker no longer shows it',
  detection: '⏳ Signal detection',
  nothing: '✅ Heartbeat active - No new signal',
  detected: ({ direction, quantity, symbol }: Signal) =>
    `✅ Signal detected - ${direction} ${quantity} ${symbol}`,
  validation: '⏳ Heartbeat active - Signal validation in progress',
  accepted: '✅ Signal accepted',
  rejected: (why: string) => `✅ Signal rejected - ${why}`,
  execution: (order: Order) => `⏳ Trade execution - ${orderWords(order)}`,
  executed: (order: Order, price: number) => `✅ Trade executed - ${orderWords(order)} at ${price}`,
  executionFailed: (order: Order, why: string) => `❌ Trade execution error - ${orderWords(order)}: ${why}`,
  inHand: (id: string) => `🔄 Order ${id} in hand - asking the broker what became of it`,
  closed: ({ symbol, profit, why }: Closed) => `✅ Position closed - ${symbol} by ${why}, ${money(profit)}`,
  cycleComplete: (signals: number, trades: number) =>
    `✅ Cycle complete - signals ${signals}, trades ${trades}`,
  loopError: (why: string, seconds: number) => `❌ Trading loop error - ${why}; next try in ${seconds} s`,
  drill: (kind: string) => `⏳ Drill - ${kind}`,
  stopping: '⏳ Stopping - finishing what is in hand',
  signedOut: '✅ Signed out',
  notSignedOut: '❌ Sign-out not confirmed - the session may still be open at the broker',
  stopped: '✅ Stopped as planned',
  ended: (why: string) => `❌ Trading sentinel ended - ${why}`,
} as const;
