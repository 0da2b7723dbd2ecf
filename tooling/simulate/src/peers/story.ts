import { createRandom, type Random } from '../random.ts';
import type { Manners } from '../world/sink.ts';

/** What befalls hosts that ask each other. Lengths of time are in ms. */
export type PeerFault =
  | {
      /** `host-sleeps`: its clock that never jumps stands still meanwhile. `monitor-*`: its API goes on answering. */
      readonly kind:
        | ('host-dies' | 'host-freezes' | 'host-sleeps' | 'cut')
        | ('monitor-dies' | 'monitor-freezes' | 'monitor-ends');
      readonly host: string;
      readonly ms: number;
    }
  | {
      readonly kind: 'monitor-dies-within';
      readonly host: string;
      readonly effects: number;
      readonly when: 'before' | 'after';
      readonly ms: number;
    }
  /** One of the two gets no answer from the other one. */
  | { readonly kind: 'deaf-to'; readonly host: string; readonly other: string; readonly ms: number }
  | { readonly kind: 'broken'; readonly host: string; readonly other: string; readonly ms: number }
  | { readonly kind: 'lossy'; readonly share: number; readonly ms: number }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'canary-down'; readonly ms: number }
  | { readonly kind: 'channel'; readonly host: string; readonly manners: Manners; readonly ms: number }
  | { readonly kind: 'clock-set'; readonly host: string; readonly byMs: number };

export type PeerStory = {
  readonly seed: number;
  readonly hosts: number;
  readonly canary: boolean;
  readonly faults: readonly { readonly at: number; readonly fault: PeerFault }[];
};

const names = ['ams', 'fra', 'nyc', 'sgp', 'tyo'] as const;
export const namesOf = ({ hosts }: Pick<PeerStory, 'hosts'>): readonly string[] => names.slice(0, hosts);

/** Shorter than the maximum age, about as long, and long enough for everything to be told. */
const drawMs = (random: Random) => random.pick([3000, 9000, 15_000, 22_000, 45_000, 90_000, 150_000]);

type Draw = (random: Random, host: string, other: string) => PeerFault;
const draws: readonly (readonly [weight: number, draw: Draw])[] = [
  [6, (random, host) => ({ kind: 'host-dies', host, ms: drawMs(random) })],
  [2, (random, host) => ({ kind: 'host-freezes', host, ms: drawMs(random) })],
  [1, (random, host) => ({ kind: 'host-sleeps', host, ms: drawMs(random) })],
  [3, (random, host) => ({ kind: 'cut', host, ms: drawMs(random) })],
  [2, (random, host) => ({ kind: 'monitor-dies', host, ms: drawMs(random) })],
  [2, (random, host) => ({ kind: 'monitor-freezes', host, ms: drawMs(random) })],
  [1, (random, host) => ({ kind: 'monitor-ends', host, ms: drawMs(random) })],
  [
    3,
    (random, host) => ({
      kind: 'monitor-dies-within',
      host,
      effects: random.between(1, 30),
      when: random.pick(['before', 'after']),
      ms: random.pick([100, 3000, 22_000]),
    }),
  ],
  [2, (random, host, other) => ({ kind: 'broken', host, other, ms: drawMs(random) })],
  [2, (random, host, other) => ({ kind: 'deaf-to', host, other, ms: drawMs(random) })],
  [2, (random) => ({ kind: 'lossy', share: random.pick([0.1, 0.5, 0.9]), ms: drawMs(random) })],
  [1, (random) => ({ kind: 'slow', ms: drawMs(random) })],
  [1, (random) => ({ kind: 'canary-down', ms: drawMs(random) })],
  [
    2,
    (random, host) => ({
      kind: 'channel',
      host,
      manners: random.pick(['is-down', 'fails', 'cuts', 'is-slow'] as const),
      ms: drawMs(random),
    }),
  ],
  [1, (random, host) => ({ kind: 'clock-set', host, byMs: random.pick([-3_600_000, 60_000, 86_400_000]) })],
];

/** The story of a seed. */
export const drawPeerStory = (seed: number): PeerStory => {
  const random = createRandom(seed ^ 0x9ee5);
  const hosts = random.pick([2, 3, 3, 4, 5]);
  const total = draws.reduce((sum, [weight]) => sum + weight, 0);
  const faults: PeerStory['faults'][number][] = [];
  let at = 60_000;
  for (let left = random.between(4, 16); left > 0; left -= 1) {
    at += random.chance(0.5) ? random.below(10_000) : random.below(90_000);
    const [host = '', other = ''] = random.shuffled(namesOf({ hosts }));
    let place = random.below(total);
    const drawn = draws.find(([weight]) => {
      place -= weight;
      return place < 0;
    });
    if (drawn !== undefined) faults.push({ at, fault: drawn[1](random, host, other) });
  }
  return { seed, hosts, canary: random.chance(0.5), faults };
};
