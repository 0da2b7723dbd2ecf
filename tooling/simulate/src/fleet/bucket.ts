import type { Shared } from '../../../../packages/fleet/src/shell/shared.ts';
import type { Gate } from '../product/gate.ts';
import type { Random } from '../random.ts';
import type { Time } from '../time.ts';
import type { BucketManners, Network } from './network.ts';

/** As in `openShared`: what is not answered rejects after so long, in ms. */
const withinMs = 2500;

/** What observers share. */
export const createBucket = (time: Time, random: Random, network: Network) => {
  const kept = new Map<string, { readonly text: string; readonly at: number }>();
  let manners: BucketManners = 'works';
  const matching = (filter: string) =>
    [...kept].filter(([key]) => key === filter || key.startsWith(filter.replace(/>$/, '')));
  const write = (key: string, value: unknown) => {
    if (manners !== 'loses') kept.set(key, { text: JSON.stringify(value), at: time.wall() });
  };
  const sharedFor = (observer: string, gate: Gate): Shared => {
    const ask = <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        const isGone = manners === 'is-silent' || !network.hasLeader(observer);
        if (manners === 'refuses') gate.after(20, () => reject(new Error('no leader')));
        else if (isGone) gate.after(withinMs, () => reject(new Error('no answer in time')));
        else
          gate.after(random.between(5, 30), () => {
            const answer = work();
            gate.after(random.between(5, 30), () => resolve(answer));
          });
      });
    return {
      create: (key, value) =>
        ask(() => {
          if (kept.has(key)) return false;
          write(key, value);
          return true;
        }),
      put: (key, value) => ask(() => write(key, value)),
      get: (key) => ask(() => JSON.parse(kept.get(key)?.text ?? 'null') ?? undefined),
      keys: (filter) => ask(() => matching(filter).map(([key]) => key)),
      all: (filter) =>
        ask(() => new Map(matching(filter).map(([key, { text }]) => [key, JSON.parse(text) as unknown]))),
      each: (filter, take) =>
        ask(() => {
          for (const [key, { text }] of matching(filter)) take(key, JSON.parse(text));
        }),
      before: (filter, wall) =>
        ask(() => matching(filter).flatMap(([key, { at }]) => (at < wall ? [key] : []))),
      remove: (filter) => ask(() => void matching(filter).map(([key]) => kept.delete(key))),
    };
  };
  return {
    sharedFor,
    behave: (next: BucketManners) => {
      manners = next;
    },
    wipe: () => kept.clear(),
  };
};
export type Bucket = ReturnType<typeof createBucket>;
