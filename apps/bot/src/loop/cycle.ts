import type { Exposure, UpdateOptions } from '@sentinel/heartbeat-core';
import type { Beat } from '../beat.ts';
import { type Broker, type Held, SessionGoneError } from '../broker/broker.ts';
import { haltedBy } from '../core/daily-loss.ts';
import { dayOf, isMarketOpen, type Market } from '../core/market-hours.ts';
import type { Signal } from '../core/signal.ts';
import { statuses } from '../core/statuses.ts';
import { explainRejection, type Facts, type Rules, rejectionOf } from '../core/validate.ts';
import type { Session } from '../login/session.ts';
import type { Report } from '../reporter/events.ts';
import type { Detected, SignalSource } from '../signals/source.ts';
import type { Memory } from '../store/memory.ts';
import type { Execution } from './execution.ts';

type CycleOptions = {
  readonly source: SignalSource;
  readonly session: Session;
  readonly broker: Broker;
  readonly execution: Execution;
  readonly memory: Memory;
  readonly rules: Rules;
  readonly market: Market;
  readonly timeZone: string;
  readonly beat: Beat;
  readonly report: Report;
  readonly now: () => number;
};

/** `waiting`: there is no session, so there was no cycle. */
export type CycleResult =
  | {
      readonly kind: 'complete';
      readonly signals: number;
      readonly trades: number;
      /** What the beat says beside it. */
      readonly facts: Pick<UpdateOptions, 'halted' | 'exposure' | 'feeds'>;
    }
  | { readonly kind: 'waiting' };

type Handled = 'rejected' | 'traded' | 'not-traded' | 'no-session';

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

/** One cycle: signal detection, validation, login where needed, execution, report. */
export const createCycle = (options: CycleOptions) => {
  const { source, session, broker, execution, memory, beat, report, now } = options;

  const profitToday = () => memory.results.of(dayOf(now(), options.timeZone)).profit;
  let askedAt: number | undefined;

  const beatFacts = async (): Promise<Pick<UpdateOptions, 'halted' | 'exposure' | 'feeds'>> => {
    const profit = profitToday();
    return {
      halted: haltedBy({ profitToday: profit, maxDailyLoss: options.rules.maxDailyLoss }),
      exposure: exposureOf(await broker.positions(), profit),
      // What waits in our own inbox says nothing of those who send.
      feeds:
        source.name === 'webhook' || askedAt === undefined ? null : { [`signals ${source.name}`]: askedAt },
    };
  };

  const factsAbout = async (detected: Detected, signal: Signal): Promise<Facts> => ({
    now: now(),
    seenAt: detected.seenAt,
    price: await broker.price(signal.symbol),
    marketOpen: isMarketOpen(options.market, now()),
    tradesToday: memory.orders.countOn(dayOf(now(), options.timeZone)),
    openPositions: await broker.openPositions(),
    profitToday: profitToday(),
  });

  const reject = async ({ id, done }: Detected, why: string): Promise<Handled> => {
    memory.signals.remember(id, now(), `rejected: ${why}`);
    done?.();
    beat(statuses.rejected(why));
    await report({ kind: 'signal-rejected', signalId: id, reason: why });
    return 'rejected';
  };

  const handle = async (detected: Detected, signal: AbortSignal): Promise<Handled> => {
    const { id, parsed, done } = detected;
    if (!parsed.ok) return reject(detected, `it cannot be read: ${parsed.problem}`);
    beat(statuses.detected(parsed.signal));
    beat(statuses.validation);
    const judge = async () =>
      rejectionOf(parsed.signal, await factsAbout(detected, parsed.signal), options.rules);
    const rejection = await judge();
    if (rejection !== null) return reject(detected, explainRejection(rejection));
    beat(statuses.accepted);
    const held = await session.confirm(signal);
    if (held === 'none' || signal.aborted) return 'no-session';
    // A sign-in takes its time: age and price are others now.
    const late = held === 'renewed' ? await judge() : null;
    if (late !== null) return reject(detected, explainRejection(late));
    const traded = await execution.execute(id, parsed.signal);
    done?.();
    return traded ? 'traded' : 'not-traded';
  };

  const unseen = async (signal: AbortSignal): Promise<readonly Detected[]> => {
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
  };

  // Nothing is traded without a session, nor while it is not known what became of an order.
  const blocksOthers = (error: unknown): boolean =>
    error instanceof SessionGoneError || memory.orders.inHand().length > 0;

  const runCycle = async (signal: AbortSignal): Promise<CycleResult> => {
    await execution.recover(signal);
    const fresh = await unseen(signal);
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
      facts: signal.aborted ? {} : await beatFacts(),
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
