import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { drawScript } from '../faults/draw.ts';
import { playFleet } from '../fleet/play.ts';
import { drawFleetStory } from '../fleet/story.ts';
import type { Violation } from '../invariants/violation.ts';
import { keptStories, readStory } from '../kept.ts';
import { play } from '../play.ts';
import { codeMutations } from './code.ts';
import { mutated, mutations } from './mutations.ts';
import type { Pieces } from './pieces.ts';

/** The name of a kept story, or a seed. */
type Found = { readonly story: string | number; readonly violation: Violation };
type Search = {
  readonly inKept: () => Promise<Found | null>;
  readonly inSeeds: (first: number, last: number) => Promise<Found | null>;
  /** The product as it ships. */
  readonly isWell: (seed: number) => Promise<boolean>;
};

const isWell = async (seed: number) => (await play(drawScript(seed, 1))).violation === null;
const isFleetWell = async (seed: number) => (await playFleet(drawFleetStory(seed))).violation === null;

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

const withPieces = (mutation: Partial<Pieces>): Search => {
  const pieces = mutated(mutation);
  return {
    inKept: async () => {
      for (const story of keptStories()) {
        const { violation } = await play(readStory(story), { pieces });
        if (violation !== null) return { story, violation };
      }
      return null;
    },
    inSeeds: async (first, last) => {
      for (let story = first; story <= last; story += 1) {
        const { violation } = await play(drawScript(story, 1), { pieces });
        if (violation !== null) return { story, violation };
      }
      return null;
    },
    isWell,
  };
};

/** In a process of its own: what is loaded there has the fault in its text. */
const withCode = (name: string): Search => {
  const [hook, script] = ['put-back.ts', 'first.ts'].map((file) => join(import.meta.dirname, file));
  const first = async (...which: readonly string[]): Promise<Found | null> => {
    const args = ['--conditions=@sentinel/source', '--import', `${hook}`, `${script}`, ...which];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, SIMULATE_FAULT: name },
    });
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    if (code !== 0) throw new Error(`${name} could not be put back`);
    return said === '' ? null : (JSON.parse(said) as Found);
  };
  return codeMutations[name]?.fleet === true
    ? {
        inKept: async () => null,
        inSeeds: (from, to) => first(`${from}`, `${to}`, 'fleet'),
        isWell: isFleetWell,
      }
    : { inKept: () => first('kept'), inSeeds: (from, to) => first(`${from}`, `${to}`), isWell };
};

/** What the product as it ships does not hold either says nothing of the fault. */
const firstSeed = async ({ inSeeds, isWell }: Search, most: number): Promise<Found | null> => {
  for (let first = 1; first <= most; ) {
    const found = await inSeeds(first, most);
    if (found === null) return null;
    const seed = Number(found.story);
    if (await isWell(seed)) return found;
    first = seed + 1;
  }
  return null;
};

/**
 * Says of each known fault how many seeds it takes to find it; of one that no seed finds, which kept story does. 1: one was found
 * by neither.
 *
 * @param only of those faults alone whose name has this in it.
 * @param workers so many are searched for at once.
 */
export const checkMutations = async (most: number, only = '', workers = 1): Promise<number> => {
  let missed = 0;
  console.log(line(['fault', 'found by seed', 'by the kept story', 'invariant', 'as']));
  console.log(line(['---', '---', '---', '---', '---']));
  const searches: readonly (readonly [string, Search])[] = [
    ...Object.entries(mutations).map(([name, mutation]) => [name, withPieces(mutation)] as const),
    ...Object.keys(codeMutations).map((name) => [name, withCode(name)] as const),
  ];
  const left = searches.filter(([name]) => name.includes(only));
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [name, search] = next;
      const seed = await firstSeed(search, most);
      const kept = seed === null ? await search.inKept() : null;
      const found = seed ?? kept;
      if (found === null) missed += 1;
      const story = kept === null ? '' : `\`${String(kept.story).replace('.json', '')}\``;
      const { invariant = '', fact = '' } = found?.violation ?? {};
      console.log(
        line([name, seed === null ? `not within ${most}` : `${seed.story}`, story, `${invariant}`, fact]),
      );
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return missed > 0 ? 1 : 0;
};
