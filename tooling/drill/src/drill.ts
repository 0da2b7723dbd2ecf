import type { World } from './world/world.ts';

export const kinds = {
  seed: 'python3 heartbeat.py, the seed’s own example',
  identity: 'whose process is the bot',
  ending: 'the seconds of ending and starting',
  evidence: 'nothing is ended on thin evidence',
  ends: 'a bot that ends is known at once',
  clocks: 'the writer’s clock is not believed against better evidence',
  journal: 'cannot be read is not: there is none',
  accepted: 'what was accepted is not lost',
  says: 'what a bot says beyond its status, and how it says it',
  words: 'what people are told is so',
  children: 'what children inherit, and what grows',
  faults: 'every other fault that a machine has',
} as const;
export type Kind = keyof typeof kinds;

/** What a drill needs beside Node and python3. */
export type Need = 'root' | 'faketime' | 'linux' | 'docker' | 'mounts';

export type Drill = {
  readonly name: string;
  readonly kind: Kind;
  /** In one plain line: what holds. */
  readonly expects: string;
  readonly needs?: readonly Need[];
  /** How many bots the drill itself starts at once. Default: 1. */
  readonly bots?: number;
  /** It may end with alerts that nobody took (a webhook that never answers), or that were taken twice (a cut answer). */
  readonly loses?: boolean;
  readonly doubles?: boolean;
  /** It takes about a minute or longer, so it begins before the others: nothing waits for it at the end. */
  readonly long?: boolean;
  readonly run: (world: World) => Promise<void>;
};

/** Drills of one kind. */
export const drillsOf = (kind: Kind, drills: readonly Omit<Drill, 'kind'>[]): readonly Drill[] =>
  drills.map((drill) => ({ kind, ...drill }));
