import { expect, test } from 'vitest';
import { playPeers } from '../src/peers/play.ts';
import { drawPeerStory } from '../src/peers/story.ts';

/** The first ones, and those in which something was found. */
const seeds = [...Array.from({ length: 12 }, (_, at) => at + 1), 125];

test('of hosts that ask each other a dead one is told with its bots, none is called down without proof, and each end is told', async () => {
  for (const seed of seeds) {
    const { violation } = await playPeers(drawPeerStory(seed));
    expect({ seed, violation }).toEqual({ seed, violation: null });
  }
});
