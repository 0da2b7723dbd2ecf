import { drawScript } from '../faults/draw.ts';
import { play } from '../play.ts';
import { mutated, mutations } from './mutations.ts';

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** Says of each known fault how many seeds it takes to find it. 1: one was not found. */
export const checkMutations = async (most: number): Promise<number> => {
  let missed = 0;
  console.log(line(['fault', 'found by seed', 'invariant', 'as']));
  console.log(line(['---', '---', '---', '---']));
  for (const [name, mutation] of Object.entries(mutations)) {
    let found = false;
    for (let seed = 1; seed <= most && !found; seed += 1) {
      const script = drawScript(seed, 1);
      const { violation } = await play(script, { pieces: mutated(mutation) });
      // What the product as it ships does not hold either says nothing of the fault.
      if (violation === null || (await play(script)).violation !== null) continue;
      found = true;
      console.log(line([name, String(seed), String(violation.invariant), violation.fact]));
    }
    if (found) continue;
    missed += 1;
    console.log(line([name, `not within ${most}`, '', '']));
  }
  return missed > 0 ? 1 : 0;
};
