import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawScript } from '../src/faults/draw.ts';
import { keptStories, readStory } from '../src/kept.ts';
import { codeMutations, placesOf, putBack } from '../src/mutations/code.ts';
import { play } from '../src/play.ts';

const root = join(import.meta.dirname, '../../..');
const { SIMULATE_SEEDS = '200' } = process.env;

describe('stories that were found once', () => {
  test.each(keptStories())('%s', async (name) => {
    expect((await play(readStory(name))).violation).toBeNull();
  });
});

const perTest = 50;
const firsts = Array.from(
  { length: Math.ceil(Number(SIMULATE_SEEDS) / perTest) },
  (_, at) => at * perTest + 1,
);

// In parts, since each test has a time of its own, also on a slow machine.
describe('what must never be so is not so in the stories of the seeds', () => {
  test.each(firsts)('from %i on', async (first) => {
    const behind = Math.min(first + perTest, Number(SIMULATE_SEEDS) + 1);
    for (let seed = first; seed < behind; seed += 1) {
      const { violation } = await play(drawScript(seed, 1));
      expect({ seed, violation }).toEqual({ seed, violation: null });
    }
  });
});

test('one seed plays one story: the same faults at the same moments', async () => {
  const lines = async () => {
    const all: string[] = [];
    await play(drawScript(3, 2), { trace: (line) => void all.push(line.replaceAll(/simulate-\w+/g, '')) });
    return all;
  };
  expect(await lines()).toEqual(await lines());
});

test.each(Object.entries(codeMutations))('a known fault can be put back: %s', (_, mutation) => {
  for (const place of placesOf(mutation))
    expect(putBack(readFileSync(join(root, place.file), 'utf8'), place)).toContain(place.faulty);
});
