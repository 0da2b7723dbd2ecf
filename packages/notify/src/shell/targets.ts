import type { Channel } from '../core/channel.ts';
import { rankOf } from '../core/describe.ts';
import type { Notification } from '../core/notification.ts';
import { reaches } from '../core/severity.ts';
import type { Delivery } from './delivery.ts';

const delivering = (deliveries: readonly Delivery[]) => deliveries.filter((delivery) => delivery.delivers());

/** What a channel cannot take goes there; without one it waits. */
export const fallbackOf = (deliveries: readonly Delivery[]): string | undefined =>
  delivering(deliveries).find(({ channel }) => channel.fallback === true)?.channel.name;

/** The channels that deliver, the fallback aside. */
const othersOf = (deliveries: readonly Delivery[]): readonly string[] =>
  delivering(deliveries).flatMap(({ channel }) => (channel.fallback === true ? [] : [channel.name]));

/** Whether a channel is sent it: for its severity, because each one is tested, or because it was called before. */
const isFor = (notification: Notification, { name, fallback: isFallback, floor = 'info' }: Channel) => {
  if (isFallback === true) return false;
  const severity = rankOf(notification).reaches;
  const isCalled = severity === 'critical' && notification.alsoTo?.includes(name) === true;
  return isCalled || notification.kind === 'test' || reaches(severity, floor);
};

/** Who hears that a channel is dead. Who is called for the ladder only is not, unless nobody else can be reached. */
export const witnessesOf = (deliveries: readonly Delivery[]): readonly string[] => {
  const others = delivering(deliveries).filter(({ channel }) => channel.fallback !== true);
  const usual = others.filter(({ channel }) => channel.floor !== 'escalated');
  return (usual.length > 0 ? usual : others).map(({ channel }) => channel.name);
};

/** A rung whose channel is dead, is to be left alone, or is not there any more, must not end in silence. */
const called = (name: string, deliveries: readonly Delivery[]): readonly string[] => {
  const delivery = deliveries.find(({ channel }) => channel.name === name);
  if (delivery?.delivers() === true) return [name];
  const others = othersOf(deliveries);
  if (others.length > 0) return others;
  return [fallbackOf(deliveries) ?? delivery?.channel.name].filter((each) => each !== undefined);
};

export const targetsOf = (notification: Notification, deliveries: readonly Delivery[]): readonly string[] => {
  if (notification.kind === 'test' && notification.channel !== undefined)
    return deliveries.map(({ channel }) => channel.name).filter((name) => name === notification.channel);
  if (notification.kind === 'escalated' && notification.to !== undefined)
    return called(notification.to, deliveries);
  const takers = deliveries.filter(({ channel }) => channel.takes(notification));
  const own = takers.filter(({ channel }) => isFor(notification, channel));
  const other = fallbackOf(deliveries);
  const names = own.map((each) => (each.delivers() ? each.channel.name : (other ?? each.channel.name)));
  // What is critical must reach somebody, also one who is called for the ladder only.
  const isLost = other === undefined && !own.some((each) => each.delivers());
  const more = isLost && rankOf(notification).reaches === 'critical' ? othersOf(takers) : [];
  return [...new Set([...names, ...more])];
};
