// `pnpm fuzz [target ...]`: feeds what reads from outside with inputs that nobody thought of, guided by which code they reach.
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { keep, readCorpus } from './corpus.ts';
import { type Coverage, startCoverage } from './coverage.ts';
import { fuzz, type Progress } from './fuzz.ts';
import { shortened } from './hold.ts';
import type { Target } from './target.ts';
import { targets } from './targets/index.ts';

const usage = `usage: pnpm fuzz [--list] [--minutes NUMBER] [--seed NUMBER] [--keep] [TARGET ...]
  --list      print the targets and what each takes
  --minutes   how long in all, in equal parts for the targets (default: 2)
  --seed      play the inputs of an earlier run (default: another one each time)
  --keep      keep the inputs that reached new code in the corpus, too, and not only those that failed
An input that fails is shortened, saved into tooling/fuzz/corpus and shown: there every later run, and the tests, begin with it.`;

/** The line of a terminal that is written anew, and nothing where nobody watches. */
const show = (text: string): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001B[K${text}`);
};
const inWords = ({ inputs, ways, kept }: Progress) =>
  `${inputs} inputs, ${ways} ways through the code, ${kept} inputs found new ones`;

/** Runs one target. Whether everything held. */
const run = async (
  target: Target,
  ms: number,
  seed: number,
  coverage: Coverage,
  keepAll: boolean,
): Promise<boolean> => {
  const open = await target.open();
  const until = performance.now() + ms;
  let shownAt = 0;
  const goesOn = (progress: Progress) => {
    const now = performance.now();
    if (now - shownAt > 500)
      show(`${target.name}: ${inWords(progress)}, ${Math.ceil((until - now) / 1000)} s left`);
    if (now - shownAt > 500) shownAt = now;
    return now < until && !stopping;
  };
  const corpus = readCorpus(target.name).map(({ input }) => input);
  const outcome = await fuzz({ target: open, words: target.words, corpus, seed, coverage, goesOn });
  show('');
  const { fault, found } = outcome;
  console.log(`${fault === null ? 'ok    ' : 'FAILED'} ${target.name.padEnd(15)} ${inWords(outcome)}`);
  if (keepAll) for (const input of found) keep(target.name, 'new', input);
  if (fault !== null) {
    const input = await shortened(open, fault.input, fault);
    const file = relative(process.cwd(), keep(target.name, 'found', input));
    console.log(
      `${fault.stack}\nwith ${JSON.stringify(input.toString('latin1').slice(0, 400))} (${input.length} bytes, as latin1)\nsaved as ${file}`,
    );
  }
  await open.close();
  return fault === null;
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    keep: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    minutes: { type: 'string' },
    seed: { type: 'string' },
  },
});

let stopping = false;
process.once('SIGINT', () => {
  stopping = true;
});

const main = async (): Promise<number> => {
  if (values.help === true) console.log(usage);
  if (values.list === true) for (const { name, takes } of targets) console.log(`${name.padEnd(16)} ${takes}`);
  if (values.help === true || values.list === true) return 0;
  const unknown = positionals.filter((name) => !targets.some((target) => target.name === name));
  const minutes = Number(values.minutes ?? 2);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
  if (unknown.length > 0 || !(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error(
      unknown.length > 0
        ? `There is no target named ${unknown.join(', ')}. --list shows all of them.`
        : usage,
    );
    return 64;
  }
  const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  console.log(`seed ${seed}, ${minutes} minutes`);
  const coverage = startCoverage();
  let failed = 0;
  for (const target of chosen)
    if (
      !stopping &&
      !(await run(target, (minutes * 60_000) / chosen.length, seed, coverage, values.keep === true))
    )
      failed += 1;
  coverage.close();
  console.log(`${chosen.length - failed} of ${chosen.length} targets held`);
  return failed > 0 ? 1 : 0;
};

process.exitCode = await main();
