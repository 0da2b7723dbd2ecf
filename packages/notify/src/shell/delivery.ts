import type { Channel } from '../core/channel.ts';
import { createAmends } from './amends.ts';
import { createAttempts, type DeliveryOptions } from './attempts.ts';
import { createResends } from './resends.ts';

/** How often a journal that cannot be read is looked into again. */
const recheckMs = 5000;

/** Delivers what waits for one channel, in order, for as long as it is not stopped. */
export type Delivery = {
  readonly channel: Channel;
  /** Why the channel is not used any more; `null`: it is used. */
  readonly dead: () => string | null;
  /** It is used, and nothing that is sent to it now waits because it asked to be left alone for long. */
  readonly delivers: () => boolean;
  /** Something new waits. */
  readonly wake: () => void;
  /** Resolves when nothing waits any more, or nothing can be sent. */
  readonly idle: () => Promise<void>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

class ChannelDelivery implements Delivery {
  readonly channel: Channel;
  readonly dead: () => string | null;
  private readonly options: DeliveryOptions;
  private readonly attempts: ReturnType<typeof createAttempts>;
  private readonly resends: ReturnType<typeof createResends>;
  private readonly amends: ReturnType<typeof createAmends>;
  private readonly stopping = new AbortController();
  private asleep: PromiseWithResolvers<void> | undefined;
  private idlers: (() => void)[] = [];
  private running: Promise<void> = Promise.resolve();

  constructor(options: DeliveryOptions) {
    this.options = options;
    this.channel = options.channel;
    this.attempts = createAttempts(options);
    this.resends = createResends(options);
    this.amends = createAmends(options);
    this.dead = this.attempts.dead;
  }

  delivers(): boolean {
    return this.dead() === null && !this.attempts.away();
  }

  wake(): void {
    this.asleep?.resolve();
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.stopping.signal.aborted) resolve();
      else this.idlers.push(resolve);
      this.wake();
    });
  }

  start(): void {
    this.attempts.begin();
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { outbox, clock } = this.options;
    const { channel, dead, attempts, amends } = this;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // In turn with what waits: an alarm must not be repeated behind its end.
      if (dead() === null) await this.resends.sendIfDue();
      if (dead() !== null || outbox.next(channel) === null) {
        if (dead() !== null || !(await amends.amendIfDue())) await this.rest();
        continue;
      }
      await clock.sleep(attempts.waitMs(), signal);
      if (signal.aborted) break;
      // Asked again: by now enough may wait for a summary.
      const batch = outbox.next(channel);
      if (batch === null) continue;
      await attempts.attempt(batch);
      amends.sent();
    }
    for (const idler of this.idlers) idler();
  }

  private async rest(): Promise<void> {
    const { outbox, clock } = this.options;
    for (const idler of this.idlers) idler();
    this.idlers = [];
    const asleep = Promise.withResolvers<void>();
    this.asleep = asleep;
    // What waits in a journal that cannot be read now wakes nobody when it can be read again.
    const { resends, amends } = this;
    const looks =
      this.dead() === null ? [outbox.usable() ? null : recheckMs, resends.waitMs(), amends.waitMs()] : [];
    const limit = new AbortController();
    const sleeps = looks.flatMap((ms) => (ms === null ? [] : [clock.sleep(ms, limit.signal)]));
    await Promise.race([asleep.promise, ...sleeps]);
    limit.abort();
    this.asleep = undefined;
  }
}

export const createDelivery = (options: DeliveryOptions): Delivery => new ChannelDelivery(options);
