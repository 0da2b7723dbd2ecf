import type { Channel } from '../core/channel.ts';
import { rankOf } from '../core/describe.ts';
import type { Notification } from '../core/notification.ts';
import { reaches } from '../core/severity.ts';
import type { Delivery } from './delivery.ts';

const living = (deliveries: readonly Delivery[]) => deliveries.filter(({ dead }) => dead() === null);

/** What a channel cannot take goes there; without one it waits. */
export const fallbackOf = (deliveries: readonly Delivery[]): string | undefined =>
  living(deliveries).find(({ channel }) => channel.fallback === true)?.channel.name;

/** The channels that are used, the fallback aside. */
export const othersOf = (deliveries: readonly Delivery[]): readonly string[] =>
  living(deliveries).flatMap(({ channel }) => (channel.fallback === true ? [] : [channel.name]));

/** Whether a channel is sent it: for its severity, because each one is tested, or because it was called before. */
const isFor = (notification: Notification, { name, fallback: isFallback, floor = 'info' }: Channel) => {
  if (isFallback === true) return false;
  const severity = rankOf(notification).reaches;
  const isCalled = severity === 'critical' && notification.alsoTo?.includes(name) === true;
  return isCalled || notification.kind === 'test' || reaches(severity, floor);
};

/** A rung whose channel is dead, or is not there any more, must not end in silence. */
const called = (name: string, deliveries: readonly Delivery[]): readonly string[] => {
  const delivery = deliveries.find(({ channel }) => channel.name === name);
  if (delivery?.dead() === null) return [name];
  const others = othersOf(deliveries);
  if (others.length > 0) return others;
  return [fallbackOf(deliveries) ?? delivery?.channel.name].filter((each) => each !== undefined);
};

export const targetsOf = (notification: Notification, deliveries: readonly Delivery[]): readonly string[] => {
  if (notification.kind === 'test' && notification.channel !== undefined)
    return deliveries.map(({ channel }) => channel.name).filter((name) => name === notification.channel);
  if (notification.kind === 'escalated' && notification.to !== undefined)
    return called(notification.to, deliveries);
  const names = deliveries
    .filter(({ channel }) => isFor(notification, channel) && channel.takes(notification))
    .map(({ channel, dead }) => (dead() === null ? channel.name : (fallbackOf(deliveries) ?? channel.name)));
  return [...new Set(names)];
};
