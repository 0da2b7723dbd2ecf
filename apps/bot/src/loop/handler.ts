import type { Beat } from '../beat.ts';
import type { Broker } from '../broker/broker.ts';
import { dayOf, isMarketOpen, type Market } from '../core/market-hours.ts';
import type { Signal } from '../core/signal.ts';
import { statuses } from '../core/statuses.ts';
import { explainRejection, type Facts, type Rules, rejectionOf } from '../core/validate.ts';
import type { Session } from '../login/session.ts';
import type { Report } from '../reporter/events.ts';
import type { Detected } from '../signals/source.ts';
import type { Memory } from '../store/memory.ts';
import type { Execution } from './execution.ts';

export type HandlerOptions = {
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

type Handled = 'rejected' | 'traded' | 'not-traded' | 'no-session';

export const profitToday = ({ memory, now, timeZone }: Pick<HandlerOptions, 'memory' | 'now' | 'timeZone'>) =>
  memory.results.of(dayOf(now(), timeZone)).profit;

/** One signal: validation, login where needed, execution. */
export const createHandler = (options: HandlerOptions) => {
  const { session, broker, execution, memory, beat, report, now } = options;

  const factsAbout = async (detected: Detected, signal: Signal): Promise<Facts> => ({
    now: now(),
    seenAt: detected.seenAt,
    price: await broker.price(signal.symbol),
    marketOpen: isMarketOpen(options.market, now()),
    tradesToday: memory.orders.countOn(dayOf(now(), options.timeZone)),
    openPositions: await broker.openPositions(),
    profitToday: profitToday(options),
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

  return handle;
};
