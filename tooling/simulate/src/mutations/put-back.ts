// `node --import .../put-back.ts`: the fault that SIMULATE_FAULT names is in the program that begins now.
import { registerHooks } from 'node:module';
import { codeMutations } from './code.ts';

const { SIMULATE_FAULT: name = '' } = process.env;
const mutation = codeMutations[name];
if (mutation === undefined) throw new Error(`no such fault: ${name}`);

let isThere = false;
process.on('exit', () => {
  if (isThere) return;
  console.error(`no program reads ${mutation.file}: ${name} was not put back`);
  process.exitCode = 1;
});

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (!url.endsWith(`/${mutation.file}`)) return loaded;
    const [before, after, ...more] = String(loaded.source).split(mutation.mended);
    if (before === undefined || after === undefined || more.length > 0)
      throw new Error(`${mutation.file} does not hold this once: ${mutation.mended}`);
    isThere = true;
    return { ...loaded, source: before + mutation.faulty + after };
  },
});
