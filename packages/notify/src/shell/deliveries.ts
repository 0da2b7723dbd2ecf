import type { OutboxBatch } from '@sentinel/history';
import type { Channel } from '../core/channel.ts';
import { rankOf } from '../core/describe.ts';
import type { Notification } from '../core/notification.ts';
import { reaches } from '../core/severity.ts';
import type { DeliveryOptions } from './attempts.ts';
import { createDelivery, type Delivery } from './delivery.ts';

/** A channel that is dead from now on, and those that can tell people so. */
export type Death = {
  readonly channel: string;
  readonly reason: string;
  readonly pending: number;
  /** It gets what waits for the dead one; `null`: no channel does. */
  readonly fallback: string | null;
  readonly tell: readonly string[];
};

type DeliveriesOptions = Omit<DeliveryOptions, 'channel' | 'onDead' | 'handOver'> & {
  readonly channels: readonly Channel[];
  readonly onDead: (death: Death) => void;
  /** Something waits for another channel now. */
  readonly onMoved: () => void;
};

/** The deliveries, one for each channel, and which of them a notification is for. */
export const createDeliveries = ({ channels, onDead, onMoved, ...shared }: DeliveriesOptions) => {
  const { store, outbox, clock } = shared;
  const living = () => deliveries.filter(({ dead }) => dead() === null);
  /** What a channel cannot take goes there; without one it waits. */
  const fallback = () => living().find(({ channel }) => channel.fallback === true)?.channel.name;

  const handOver = ({ name, fallback: isFallback }: Channel, batch?: OutboxBatch): string | null => {
    const other = isFallback === true ? undefined : fallback();
    if (other === undefined) return null;
    outbox.reroute(name, other, clock.now(), batch);
    onMoved();
    return other;
  };

  const bury = (channel: Channel, reason: string, news: boolean) => {
    const { name } = channel;
    const pending = store.transact(
      (records) => records.channels().find((each) => each.name === name)?.pending ?? 0,
      0,
    );
    // Also after a restart: what came since the last one waits for the dead channel.
    const other = handOver(channel);
    if (!news) return;
    const others = living().filter((each) => each.channel.fallback !== true);
    const tell = [...others.map((each) => each.channel.name), ...(other === null ? [] : [other])];
    onDead({ channel: name, reason, pending, fallback: other, tell });
  };

  const deliveries: readonly Delivery[] = channels.map((channel) =>
    createDelivery({
      ...shared,
      channel,
      onDead: (reason, news) => bury(channel, reason, news),
      handOver: (batch) => handOver(channel, batch),
    }),
  );

  const orFallback = ({ channel, dead }: Delivery) =>
    dead() === null ? channel.name : (fallback() ?? channel.name);

  /** Whether a channel is sent it: for its severity, because each one is tested, or because it was called before. */
  const isFor = (notification: Notification, { name, fallback: isFallback, floor = 'info' }: Channel) => {
    if (isFallback === true) return false;
    const severity = rankOf(notification).reaches;
    const isCalled = severity === 'critical' && notification.alsoTo?.includes(name) === true;
    return isCalled || notification.kind === 'test' || reaches(severity, floor);
  };

  /** A rung whose channel is dead, or is not there any more, must not end in silence. */
  const called = (name: string): readonly string[] => {
    const delivery = deliveries.find(({ channel }) => channel.name === name);
    if (delivery?.dead() === null) return [name];
    const others = living().filter(({ channel }) => channel.fallback !== true);
    if (others.length > 0) return others.map(({ channel }) => channel.name);
    return [fallback() ?? delivery?.channel.name].filter((each) => each !== undefined);
  };

  return {
    all: deliveries,
    /** The names of the channels that it is for. */
    targets: (notification: Notification): readonly string[] => {
      if (notification.kind === 'test' && notification.channel !== undefined)
        return channels.map(({ name }) => name).filter((name) => name === notification.channel);
      if (notification.kind === 'escalated' && notification.to !== undefined) return called(notification.to);
      const names = deliveries
        .filter(({ channel }) => isFor(notification, channel) && channel.takes(notification))
        .map(orFallback);
      return [...new Set(names)];
    },
  };
};
