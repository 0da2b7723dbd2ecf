import { tellingOrder } from '@sentinel/notify';
import { type Presence, readPresence } from '../core/presence.ts';

/** An observer that was silent for longer, in ms, is gone; one that was silent for `forgottenMs` does not count any more. */
export const goneMs = 10_000;
const forgottenMs = 10 * 60_000;

export const createOthers = (observer: string, now: () => number) => {
  const heard = new Map<string, { readonly at: number; readonly presence: Presence }>();
  const within = (ms: number) => [...heard].filter(([, { at }]) => now() - at < ms);
  return {
    hear: (name: string, bytes: Uint8Array) =>
      void heard.set(name, { at: now(), presence: readPresence(bytes) }),
    isThere: (name: string) => within(goneMs).some(([other]) => other === name),
    names: () => within(goneMs).map(([other]) => other),
    presences: () => within(goneMs).map(([, { presence }]) => presence),
    /** The place of this observer for what is told of `key`. */
    rank: (key: string) =>
      tellingOrder(key, [observer, ...within(forgottenMs).map(([name]) => name)]).indexOf(observer),
  };
};
