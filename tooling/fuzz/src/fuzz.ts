import { createRandom, type Random } from '@sentinel/tooling-simulate/random';
import type { Coverage } from './coverage.ts';
import { type Fault, faultOf } from './hold.ts';
import { mutate } from './mutate.ts';
import type { OpenTarget } from './target.ts';

export type Options = {
  readonly target: OpenTarget;
  readonly words: readonly string[];
  readonly corpus: readonly Buffer[];
  readonly seed: number;
  readonly coverage: Coverage;
  /** Asked before each input. */
  readonly goesOn: (progress: Progress) => boolean;
};

export type Progress = {
  readonly inputs: number;
  /** How many ways through functions were seen. */
  readonly ways: number;
  /** How many inputs went a way that none before them had gone. */
  readonly kept: number;
};

export type Outcome = Progress & {
  readonly fault: (Fault & { readonly input: Buffer }) | null;
  /** The inputs that went new ways, without those of the corpus. */
  readonly found: readonly Buffer[];
};

const batchSize = 16;

/** The newest are those that nobody has built on yet; a long one is rarely worth its time. */
const chosen = (pool: readonly Buffer[], random: Random): Buffer => {
  const from = random.below(3) === 0 ? pool.slice(-20) : pool;
  const first = random.pick(from);
  return first.length > 2000 && random.below(8) > 0 ? random.pick(from) : first;
};

/** Words of the corpus itself: keys, values, names of headers. */
const wordsIn = (corpus: readonly Buffer[]): string[] => [
  ...new Set(corpus.flatMap((input) => input.toString().match(/[\w./:@-]{2,40}/g) ?? [])),
];

/** Feeds a target with changed inputs, and builds on those that reach something new, until one does not hold. */
export const fuzz = async ({ target, words, corpus, seed, coverage, goesOn }: Options): Promise<Outcome> => {
  const random = createRandom(seed);
  const seen = new Set<number>();
  const pool: Buffer[] = [];
  const found: Buffer[] = [];
  const known = [...words, ...wordsIn(corpus)];
  let inputs = 0;
  const progress = (): Progress => ({ inputs, ways: seen.size, kept: found.length });

  /** Runs inputs until one does not hold; to ask what ran costs more than to run one. */
  const firstFault = async (batch: readonly Buffer[]): Promise<Outcome['fault']> => {
    for (const input of batch) {
      inputs += 1;
      const fault = await faultOf(target, input);
      if (fault !== null) return { ...fault, input };
    }
    return null;
  };
  const isNew = (ways: readonly number[]): boolean => {
    const before = seen.size;
    for (const way of ways) seen.add(way);
    return seen.size > before;
  };

  for (const input of corpus) {
    const fault = await firstFault([input]);
    isNew(coverage.take());
    if (fault !== null) return { ...progress(), found, fault };
    pool.push(input);
  }
  if (pool.length === 0) pool.push(Buffer.alloc(0));
  while (goesOn(progress())) {
    const material = { words: known, others: pool };
    const batch = Array.from({ length: batchSize }, () => mutate(chosen(pool, random), random, material));
    const fault = await firstFault(batch);
    if (fault !== null) return { ...progress(), found, fault };
    const ways = coverage.take();
    if (ways.every((way) => seen.has(way))) continue;
    // One of them went a new way: each again, to find out which.
    for (const input of batch) {
      const again = await firstFault([input]);
      if (again !== null) return { ...progress(), found, fault: again };
      if (isNew(coverage.take())) {
        found.push(input);
        pool.push(input);
      }
    }
    isNew(ways);
  }
  return { ...progress(), found, fault: null };
};
