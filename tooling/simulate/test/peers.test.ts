import { expect, test } from 'vitest';
import { playPeers } from '../src/peers/play.ts';
import { drawPeerStory } from '../src/peers/story.ts';

const seeds = 12;

test('of hosts that ask each other a dead one is told with its bots, none is called down without proof, and each end is told', async () => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { violation } = await playPeers(drawPeerStory(seed));
    expect({ seed, violation }).toEqual({ seed, violation: null });
  }
});
