// The first seed, of those from one to another, in whose story something is not so: printed as JSON.
import { drawScript } from '../faults/draw.ts';
import { play } from '../play.ts';

const [first = 1, last = 1] = process.argv.slice(2).map(Number);

for (let seed = first; seed <= last; seed += 1) {
  const { violation } = await play(drawScript(seed, 1));
  if (violation === null) continue;
  console.log(JSON.stringify({ seed, violation }));
  break;
}
