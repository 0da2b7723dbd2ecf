import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { drawScript } from '../faults/draw.ts';
import type { Violation } from '../invariants/violation.ts';
import { play } from '../play.ts';
import { codeMutations } from './code.ts';
import { mutated, mutations } from './mutations.ts';
import type { Pieces } from './pieces.ts';

type Found = { readonly seed: number; readonly violation: Violation };
type Search = (first: number, last: number) => Promise<Found | null>;

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

const withPieces =
  (mutation: Partial<Pieces>): Search =>
  async (first, last) => {
    for (let seed = first; seed <= last; seed += 1) {
      const { violation } = await play(drawScript(seed, 1), { pieces: mutated(mutation) });
      if (violation !== null) return { seed, violation };
    }
    return null;
  };

/** In a process of its own: what is loaded there has the fault in its text. */
const withCode =
  (name: string): Search =>
  async (first, last) => {
    const [hook, script] = ['put-back.ts', 'first.ts'].map((file) => join(import.meta.dirname, file));
    const args = ['--conditions=@sentinel/source', '--import', `${hook}`, `${script}`, `${first}`, `${last}`];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, SIMULATE_FAULT: name },
    });
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    if (code !== 0) throw new Error(`${name} could not be put back`);
    return said === '' ? null : (JSON.parse(said) as Found);
  };

/** What the product as it ships does not hold either says nothing of the fault. */
const firstOf = async (search: Search, most: number): Promise<Found | null> => {
  for (let first = 1; first <= most; ) {
    const found = await search(first, most);
    if (found === null || (await play(drawScript(found.seed, 1))).violation === null) return found;
    first = found.seed + 1;
  }
  return null;
};

/** Says of each known fault how many seeds it takes to find it. 1: one was not found. */
export const checkMutations = async (most: number): Promise<number> => {
  let missed = 0;
  console.log(line(['fault', 'found by seed', 'invariant', 'as']));
  console.log(line(['---', '---', '---', '---']));
  const searches: readonly (readonly [string, Search])[] = [
    ...Object.entries(mutations).map(([name, mutation]) => [name, withPieces(mutation)] as const),
    ...Object.keys(codeMutations).map((name) => [name, withCode(name)] as const),
  ];
  for (const [name, search] of searches) {
    const found = await firstOf(search, most);
    if (found === null) {
      missed += 1;
      console.log(line([name, `not within ${most}`, '', '']));
    } else console.log(line([name, `${found.seed}`, `${found.violation.invariant}`, found.violation.fact]));
  }
  return missed > 0 ? 1 : 0;
};
