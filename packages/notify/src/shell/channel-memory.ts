import type { Store } from '@sentinel/history';
import type { ChannelMemory } from '../core/channel.ts';

/** In front of the keys of what channels remember. */
const prefix = 'channel-memory:';

/** What a channel remembers: on disk while the disk can be used, and in memory for as long as it cannot. */
export const createChannelMemory = (store: Store, channel: string): ChannelMemory => {
  const keyOf = (key: string) => `${prefix}${channel}:${key}`;
  const held = new Map<string, unknown>();
  return {
    get: (key) =>
      held.has(key)
        ? held.get(key)
        : store.transact<unknown>((records) => records.getState(keyOf(key)), undefined),
    set: (key, value) => {
      held.set(key, value);
      const forget = () => {
        if (held.get(key) === value) held.delete(key);
      };
      store.write((records) => records.setState(keyOf(key), value), {
        lasting: true,
        onLanded: forget,
        onLost: forget,
      });
      // Before the next request: whoever is killed after this one must know of it.
      store.flush();
    },
  };
};

/** Forgets what channels have not touched since this instant, in ms since the epoch. */
export const pruneChannelMemory = (store: Store, before: number): void =>
  store.transact((records) => records.forgetState(prefix, before), undefined);
