import type { OutboxBatch } from '@sentinel/history';
import type { Channel } from '../core/channel.ts';
import type { Notification } from '../core/notification.ts';
import type { DeliveryOptions } from './attempts.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { fallbackOf, targetsOf, witnessesOf } from './targets.ts';

/** A channel that is dead, or asks to be left alone for long, from now on, and those that can tell people so. */
export type Death = {
  readonly channel: string;
  readonly reason: string;
  readonly pending: number;
  /** It asks to be left alone for so long, in ms. Default: it is dead. */
  readonly askedMs?: number;
  /** It gets what waits for the dead one; `null`: no channel does. */
  readonly fallback: string | null;
  readonly tell: readonly string[];
};

type DeliveriesOptions = Omit<DeliveryOptions, 'channel' | 'onDead' | 'onAway' | 'handOver'> & {
  readonly channels: readonly Channel[];
  readonly onDead: (death: Death) => void;
  /** Something waits for another channel now. */
  readonly onMoved: () => void;
};

/** The deliveries, one for each channel, and which of them a notification is for. */
export const createDeliveries = ({ channels, onDead, onMoved, ...shared }: DeliveriesOptions) => {
  const { store, outbox, clock } = shared;

  const handOver = ({ name, fallback: isFallback }: Channel, batch?: OutboxBatch): string | null => {
    const other = isFallback === true ? undefined : fallbackOf(deliveries);
    if (other === undefined) return null;
    outbox.reroute(name, other, clock.now(), batch);
    onMoved();
    return other;
  };

  const bury = (channel: Channel, reason: string, news: boolean, askedMs?: number): string | null => {
    const { name } = channel;
    const pending = store.transact(
      (records) => records.channels().find((each) => each.name === name)?.pending ?? 0,
      0,
    );
    // Also after a restart: what came since the last one waits for the dead channel.
    const other = handOver(channel);
    if (!news) return other;
    const tell = [...witnessesOf(deliveries), ...(other === null ? [] : [other])];
    onDead({
      ...{ channel: name, reason, pending, fallback: other, tell },
      ...(askedMs === undefined ? {} : { askedMs }),
    });
    return other;
  };

  const deliveries: readonly Delivery[] = channels.map((channel) =>
    createDelivery({
      ...shared,
      channel,
      onDead: (reason, news) => void bury(channel, reason, news),
      onAway: (reason, askedMs, news) => bury(channel, reason, news, askedMs),
      handOver: (batch) => handOver(channel, batch),
    }),
  );

  return {
    all: deliveries,
    targets: (notification: Notification) => targetsOf(notification, deliveries),
  };
};
