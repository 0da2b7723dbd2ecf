import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Beat } from '../beat.ts';
import type { Broker, Order, Placed } from '../broker/broker.ts';
import { firstLineOf } from '../core/faults.ts';
import { dayOf } from '../core/market-hours.ts';
import type { Signal } from '../core/signal.ts';
import { statuses } from '../core/statuses.ts';
import type { Report } from '../reporter/events.ts';
import type { Memory } from '../store/memory.ts';

type ExecutionOptions = {
  readonly broker: Broker;
  readonly memory: Memory;
  readonly beat: Beat;
  readonly report: Report;
  readonly timeZone: string;
  readonly now: () => number;
  /** Between two looks for an order that may still be on its way, ms. Default: 1000. */
  readonly lookAgainMs?: number;
};

/** The same signal gives the same order id, so that no retry of any kind can become a second order. */
export const orderOf = (signalId: string, signal: Signal): Order => ({
  id: `o-${createHash('sha256').update(signalId).digest('hex').slice(0, 20)}`,
  symbol: signal.symbol,
  side: signal.direction,
  quantity: signal.quantity,
  target: signal.tp,
  stop: signal.sl,
});

/** At least two looks, and as many more as it may be on its way to the broker. `null`: it never came there. */
const lookFor = async (
  { broker, beat, now, lookAgainMs = 1000 }: ExecutionOptions,
  { order, at }: { readonly order: Order; readonly at: number },
  signal: AbortSignal,
): Promise<Placed | null> => {
  const age = now() - at;
  // A clock that was set back must not make this wait any longer.
  const left = age < 0 ? broker.inFlightMs : broker.inFlightMs - age;
  const deadline = performance.now() + left;
  for (let looks = 1; ; looks += 1) {
    beat(statuses.inHand(order.id));
    const found = await broker.find(order.id);
    if (found !== null || (looks > 1 && performance.now() >= deadline)) return found;
    await sleep(lookAgainMs, undefined, { signal });
  }
};

/** Where orders are placed: an order is written down first, sent second, and known before the next one. */
export const createExecution = (options: ExecutionOptions) => {
  const { broker, memory, beat, report, now } = options;
  memory.results.adopt(broker.account);

  const settle = async (order: Order, placed: Placed): Promise<void> => {
    memory.orders.settle(order.id, placed.kind, placed);
    if (placed.kind === 'filled') {
      beat(statuses.executed(order, placed.price));
      return report({ kind: 'trade-executed', order, price: placed.price, fee: placed.fee });
    }
    beat(statuses.executionFailed(order, placed.reason));
    await report({ kind: 'trade-failed', order, reason: placed.reason });
  };

  /** Rejects when the broker's answer did not come: the order stays in hand, and {@link recover} asks what became of it. */
  const execute = async (signalId: string, signal: Signal): Promise<boolean> => {
    const order = orderOf(signalId, signal);
    const dated = signal.timestamp !== undefined;
    memory.orders.take(order, { id: signalId, dated }, now(), dayOf(now(), options.timeZone));
    beat(statuses.execution(order));
    const placed = await broker.place(order).catch((error: unknown) => {
      beat(statuses.executionFailed(order, firstLineOf(error)));
      throw error;
    });
    await settle(order, placed);
    return placed.kind === 'filled';
  };

  /**
   * Finds out about every order in hand. Nothing new is traded before that. Rejects when the broker cannot be asked,
   * and when `signal` ends the waiting: the order then stays in hand.
   */
  const recover = async (signal: AbortSignal): Promise<void> => {
    for (const { order, at } of memory.orders.inHand()) {
      const found = await lookFor(options, { order, at }, signal);
      if (found !== null) {
        await settle(order, found);
        continue;
      }
      // Its price and its moment are gone: an order that never reached the broker is not sent late.
      const reason = 'it never reached the broker and is not sent again';
      memory.orders.settle(order.id, 'abandoned', { reason });
      beat(statuses.executionFailed(order, reason));
      await report({ kind: 'trade-failed', order, reason });
    }
  };

  /** Reports positions that target or stop have closed since the last time. */
  const collect = async (): Promise<void> => {
    for (const closed of await broker.closedAfter(memory.results.last(broker.account))) {
      // It may be told long after it was closed: what counts is its own day.
      memory.results.add(broker.account, closed, dayOf(closed.at, options.timeZone));
      beat(statuses.closed(closed));
      await report({ kind: 'position-closed', closed });
    }
  };

  return { execute, recover, collect };
};

export type Execution = ReturnType<typeof createExecution>;
