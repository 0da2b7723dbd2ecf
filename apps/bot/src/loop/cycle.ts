import type { Exposure, UpdateOptions } from '@sentinel/heartbeat-core';
import { type Held, SessionGoneError } from '../broker/broker.ts';
import { haltedBy } from '../core/daily-loss.ts';
import { statuses } from '../core/statuses.ts';
import type { Detected, SignalSource } from '../signals/source.ts';
import { createHandler, type HandlerOptions, profitToday } from './handler.ts';

type CycleOptions = HandlerOptions & { readonly source: SignalSource };

/** What the beat says beside it. */
type BeatFacts = Pick<UpdateOptions, 'halted' | 'exposure' | 'feeds'>;

/** `waiting`: there is no session, so there was no cycle. */
export type CycleResult =
  | {
      readonly kind: 'complete';
      readonly signals: number;
      readonly trades: number;
      readonly facts: BeatFacts;
    }
  | { readonly kind: 'waiting' };

const exposureOf = (held: readonly Held[] | null, pnlDay: number): Exposure | null =>
  held === null
    ? null
    : {
        positions: held.map(({ symbol, side, quantity, hasStop }) => ({
          symbol,
          side: side === 'buy' ? 'long' : 'short',
          quantity,
          stop: hasStop,
        })),
        pnlDay,
      };

const beatFacts = async (options: CycleOptions, askedAt: number | undefined): Promise<BeatFacts> => {
  const { source, broker } = options;
  const profit = profitToday(options);
  return {
    halted: haltedBy({ profitToday: profit, maxDailyLoss: options.rules.maxDailyLoss }),
    exposure: exposureOf(await broker.positions(), profit),
    // What waits in our own inbox says nothing of those who send.
    feeds:
      source.name === 'webhook' || askedAt === undefined ? null : { [`signals ${source.name}`]: askedAt },
  };
};

/** Asks the source, and keeps back what is known. */
const createDetection = ({ source, memory, beat, now }: CycleOptions) => {
  let askedAt: number | undefined;
  return {
    askedAt: () => askedAt,
    unseen: async (signal: AbortSignal): Promise<readonly Detected[]> => {
      beat(statuses.detection);
      const there = await source.take(signal);
      askedAt = now();
      const known = new Set(there.map(({ id }) => id).filter(memory.signals.seen));
      memory.signals.stillThere([...known], now());
      const fresh = new Map<string, Detected>();
      for (const detected of there) {
        // A crash after the order was written down left it in the source: it is known, so only cleared away.
        if (known.has(detected.id)) detected.done?.();
        else if (!fresh.has(detected.id)) fresh.set(detected.id, detected);
      }
      return [...fresh.values()];
    },
  };
};

/** One cycle: signal detection, validation, login where needed, execution, report. */
export const createCycle = (options: CycleOptions) => {
  const { session, execution, memory, beat } = options;
  const handle = createHandler(options);
  const detection = createDetection(options);

  // Nothing is traded without a session, nor while it is not known what became of an order.
  const blocksOthers = (error: unknown): boolean =>
    error instanceof SessionGoneError || memory.orders.inHand().length > 0;

  const runCycle = async (signal: AbortSignal): Promise<CycleResult> => {
    await execution.recover(signal);
    const fresh = await detection.unseen(signal);
    if (fresh.length === 0) beat(statuses.nothing);
    let trades = 0;
    const errors: unknown[] = [];
    for (const detected of fresh) {
      // What is not begun when the stop comes is left to the next start.
      if (signal.aborted) break;
      const handled = await handle(detected, signal).catch((error: unknown) => {
        if (blocksOthers(error)) throw error;
        errors.push(error);
      });
      if (handled === 'no-session') return { kind: 'waiting' };
      if (handled === 'traded') trades += 1;
    }
    if (!signal.aborted) await execution.collect();
    if (errors.length > 0) throw errors[0];
    return {
      kind: 'complete',
      signals: fresh.length,
      trades,
      facts: signal.aborted ? {} : await beatFacts(options, detection.askedAt()),
    };
  };

  return async (signal: AbortSignal): Promise<CycleResult> => {
    if (!(await session.keep(signal))) return { kind: 'waiting' };
    try {
      return await runCycle(signal);
    } catch (error) {
      if (!(error instanceof SessionGoneError)) {
        session.doubt();
        throw error;
      }
      session.forget();
      return { kind: 'waiting' };
    }
  };
};

export type Cycle = ReturnType<typeof createCycle>;
