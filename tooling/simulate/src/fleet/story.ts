import { createRandom, type Random } from '../random.ts';
import { type BucketManners, servers } from './network.ts';

export const hostNames = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'h7', 'h8'] as const;
export const observerNames = ['o1', 'o2', 'o3'] as const;

/** What befalls a fleet. Lengths of time are in ms. */
export type FleetFault =
  | { readonly kind: 'host-dies' | 'host-stalls'; readonly host: string; readonly ms: number }
  | { readonly kind: 'observer-killed' | 'observer-frozen'; readonly observer: string; readonly ms: number }
  | { readonly kind: 'server-down' | 'server-alone'; readonly server: string; readonly ms: number }
  | {
      readonly kind: 'cut';
      readonly observer: string;
      readonly servers: readonly string[];
      readonly ms: number;
    }
  | { readonly kind: 'lossy'; readonly share: number; readonly ms: number }
  | { readonly kind: 'bucket'; readonly manners: BucketManners; readonly ms: number }
  | { readonly kind: 'bucket-wiped' }
  | { readonly kind: 'clock-set'; readonly byMs: number };

export type FleetStory = {
  readonly seed: number;
  readonly faults: readonly { readonly at: number; readonly fault: FleetFault }[];
};

const draws: readonly (readonly [weight: number, draw: (random: Random) => FleetFault])[] = [
  [
    6,
    (random) => ({
      kind: 'host-dies',
      host: random.pick(hostNames),
      ms: random.pick([8000, 30_000, 120_000]),
    }),
  ],
  [3, (random) => ({ kind: 'host-stalls', host: random.pick(hostNames), ms: random.pick([3000, 7000]) })],
  [
    2,
    (random) => ({
      kind: 'observer-killed',
      observer: random.pick(observerNames),
      ms: random.pick([500, 5000, 40_000]),
    }),
  ],
  [
    2,
    (random) => ({
      kind: 'observer-frozen',
      observer: random.pick(observerNames),
      ms: random.pick([1500, 6000, 20_000]),
    }),
  ],
  [
    2,
    (random) => ({
      kind: 'server-down',
      server: random.pick(servers),
      ms: random.pick([2000, 15_000, 60_000]),
    }),
  ],
  [1, (random) => ({ kind: 'server-alone', server: random.pick(servers), ms: random.pick([5000, 30_000]) })],
  [
    1,
    (random) => ({
      kind: 'cut',
      observer: random.pick(observerNames),
      servers: random.chance(0.4) ? [...servers] : [random.pick(servers)],
      ms: random.pick([5000, 30_000]),
    }),
  ],
  [1, (random) => ({ kind: 'lossy', share: random.pick([0.1, 0.4]), ms: random.pick([5000, 30_000]) })],
  [
    3,
    (random) => ({
      kind: 'bucket',
      manners: random.pick(['refuses', 'is-silent', 'loses'] as const),
      ms: random.pick([5000, 30_000]),
    }),
  ],
  [1, () => ({ kind: 'bucket-wiped' })],
  [1, (random) => ({ kind: 'clock-set', byMs: random.pick([-3_600_000, 60_000, 86_400_000]) })],
];

/** The story of a seed. */
export const drawFleetStory = (seed: number): FleetStory => {
  const random = createRandom(seed);
  const total = draws.reduce((sum, [weight]) => sum + weight, 0);
  const faults: FleetStory['faults'][number][] = [];
  let at = 20_000;
  for (let left = random.between(5, 25); left > 0; left -= 1) {
    at += random.chance(0.5) ? random.below(6000) : random.below(60_000);
    let place = random.below(total);
    const drawn = draws.find(([weight]) => {
      place -= weight;
      return place < 0;
    });
    if (drawn !== undefined) faults.push({ at, fault: drawn[1](random) });
  }
  return { seed, faults };
};
