import type { Channel } from '../core/channel.ts';
import { createAttempts, type DeliveryOptions } from './attempts.ts';
import { createResends } from './resends.ts';

/** How often a journal that cannot be read is looked into again. */
const recheckMs = 5000;

/** Delivers what waits for one channel, in order, for as long as it is not stopped. */
export type Delivery = {
  readonly channel: Channel;
  /** Why the channel is not used any more; `null`: it is used. */
  readonly dead: () => string | null;
  /** Something new waits. */
  readonly wake: () => void;
  /** Resolves when nothing waits any more, or nothing can be sent. */
  readonly idle: () => Promise<void>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

export const createDelivery = (options: DeliveryOptions): Delivery => {
  const { channel, outbox, clock } = options;
  const { dead, begin, waitMs, attempt } = createAttempts(options);
  const resends = createResends(options);
  const stopping = new AbortController();
  let asleep: PromiseWithResolvers<void> | undefined;
  let idlers: (() => void)[] = [];
  let running: Promise<void> = Promise.resolve();

  const rest = async () => {
    for (const idler of idlers) idler();
    idlers = [];
    asleep = Promise.withResolvers<void>();
    // What waits in a journal that cannot be read now wakes nobody when it can be read again.
    const looks = dead() === null ? [outbox.usable() ? null : recheckMs, resends.waitMs()] : [];
    const limit = new AbortController();
    const sleeps = looks.flatMap((ms) => (ms === null ? [] : [clock.sleep(ms, limit.signal)]));
    await Promise.race([asleep.promise, ...sleeps]);
    limit.abort();
    asleep = undefined;
  };

  const loop = async () => {
    while (!stopping.signal.aborted) {
      // In turn with what waits: an alarm must not be repeated behind its end.
      if (dead() === null) await resends.sendIfDue();
      if (dead() !== null || outbox.next(channel) === null) {
        await rest();
        continue;
      }
      await clock.sleep(waitMs(), stopping.signal);
      if (stopping.signal.aborted) break;
      // Asked again: by now enough may wait for a summary.
      const batch = outbox.next(channel);
      if (batch !== null) await attempt(batch);
    }
    for (const idler of idlers) idler();
  };

  return {
    channel,
    dead,
    wake: () => asleep?.resolve(),
    idle: () =>
      new Promise((resolve) => {
        if (stopping.signal.aborted) resolve();
        else idlers.push(resolve);
        asleep?.resolve();
      }),
    start: () => {
      begin();
      running = loop();
    },
    stop: async () => {
      stopping.abort();
      asleep?.resolve();
      await running;
    },
  };
};
