import { expect, test } from 'vitest';
import { playFleet } from '../src/fleet/play.ts';
import { drawFleetStory } from '../src/fleet/story.ts';

const seeds = 12;

test('in a fleet a dead host is told, once, no host that lives is, and the end is told', async () => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { violation } = await playFleet(drawFleetStory(seed));
    expect({ seed, violation }).toEqual({ seed, violation: null });
  }
});
