/** Chance that one seed decides: the same seed plays the same story. */
export type Random = {
  /** From 0, below 1. */
  readonly next: () => number;
  /** Whole, from 0, below `end`. */
  readonly below: (end: number) => number;
  /** From `least` to `most`; whole where both are whole. */
  readonly between: (least: number, most: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly shuffled: <T>(from: readonly T[]) => T[];
  readonly chance: (of: number) => boolean;
  /** Another source, that this one decides: what is drawn there moves nothing here. */
  readonly fork: () => Random;
};

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  // mulberry32.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    next,
    below,
    between: (least, most) => least + below(most - least + 1),
    pick: (from) => {
      const found = from[below(from.length)];
      if (found === undefined) throw new RangeError('nothing to pick from');
      return found;
    },
    shuffled: (from) =>
      from
        .map((one) => ({ one, place: next() }))
        .sort((one, other) => one.place - other.place)
        .map(({ one }) => one),
    chance: (of) => next() < of,
    fork: () => createRandom(below(2 ** 32)),
  };
};
