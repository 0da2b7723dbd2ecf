// `node --import .../put-back.ts`: the fault that SIMULATE_FAULT names is in the program that begins now.
import { registerHooks } from 'node:module';
import { type CodeMutation, codeMutations, placesOf, putBack } from './code.ts';

const { SIMULATE_FAULT: name = '' } = process.env;
const mutation = codeMutations[name];
if (mutation === undefined) throw new Error(`no such fault: ${name}`);

const places = placesOf(mutation);
const done = new Set<CodeMutation>();
process.on('exit', () => {
  for (const place of places) {
    if (done.has(place)) continue;
    console.error(`no program reads ${place.file}: ${name} was not put back`);
    process.exitCode = 1;
  }
});

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    const here = places.filter(({ file }) => url.endsWith(`/${file}`));
    if (here.length === 0) return loaded;
    for (const place of here) done.add(place);
    return { ...loaded, source: here.reduce(putBack, String(loaded.source)) };
  },
});
