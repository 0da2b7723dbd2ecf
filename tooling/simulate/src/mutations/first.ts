// Prints as JSON in which story something is not so first: of the kept ones (`kept`), or of the seeds from one to another, of
// fleets where `fleet` stands behind them.
import { drawScript } from '../faults/draw.ts';
import { playFleet } from '../fleet/play.ts';
import { drawFleetStory } from '../fleet/story.ts';
import { keptStories, readStory } from '../kept.ts';
import { play } from '../play.ts';
import type { Script } from '../script.ts';

const [from = '1', to = '1', of] = process.argv.slice(2);

const seeds = Array.from({ length: Number(to) - Number(from) + 1 }, (_, at) => Number(from) + at);
const stories: Iterable<readonly [string | number, Script]> =
  from === 'kept'
    ? keptStories().map((name) => [name, readStory(name)] as const)
    : seeds.map((seed) => [seed, drawScript(seed, 1)] as const);

for (const [story, script] of stories) {
  const { violation } = await (of === 'fleet' ? playFleet(drawFleetStory(Number(story))) : play(script));
  if (violation === null) continue;
  console.log(JSON.stringify({ story, violation }));
  break;
}
