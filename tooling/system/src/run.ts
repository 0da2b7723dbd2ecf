// `pnpm test:system`: installs what is missing, then runs the system tests in a box.
// Each step prints one line; the last line counts the tests. Words after it choose test files, as vitest's do.
// On a machine that decides once whether a change lands, a file that fails is run again and named as flaky.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { boxed, prefix, removeFolder, sweep } from './box.ts';
import { repository } from './cache.ts';
import { type CountsOfFiles, closingLine, readCounts, sumOf } from './counts.ts';
import { prepare } from './prepare.ts';

const limitMinutes = 62;
const started = performance.now();

/** Runs vitest, in the box where there is one. Resolves with its exit code, or with why it was ended. */
const runTests = (
  folder: string,
  words: readonly string[],
  lacks: object,
  inBox: boolean,
): Promise<number | string> =>
  new Promise((done) => {
    const vitest = [
      'node',
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'tooling/system/vitest.config.ts',
      ...words,
    ];
    const [program = '', ...args] = inBox ? boxed(folder, vitest) : vitest;
    const child = spawn(program, args, {
      cwd: repository,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        SENTINEL_SYSTEM_FOLDER: folder,
        SENTINEL_SYSTEM_LACKS: JSON.stringify(lacks),
        TURBO_TELEMETRY_DISABLED: '1',
      },
    });
    let ended: string | undefined;
    const end = (why: string) => {
      ended = why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(
      () => end(`they had not ended after ${limitMinutes} minutes`),
      Math.max(0, limitMinutes * 60_000 - (performance.now() - started)),
    );
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end(signal));
    child.once('error', (error) => end(error.message));
    child.once('close', (code) => {
      clearTimeout(timer);
      done(ended ?? code ?? 1);
    });
  });

type Round = { readonly outcome: number | string; readonly files: CountsOfFiles };

/** Runs the test files that the words choose, in a folder of its own. */
const runOnce = async (words: readonly string[], lacks: object, inBox: boolean): Promise<Round> => {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const outcome = await runTests(folder, words, lacks, inBox);
  let files: CountsOfFiles = {};
  try {
    files = readCounts(folder);
  } catch (error) {
    console.log(`The tests ended without a report: ${error instanceof Error ? error.message : error}`);
  }
  await removeFolder(folder);
  if (typeof outcome === 'string') console.log(`\nThe tests were ended: ${outcome}`);
  return { outcome, files };
};

/** The same round with a second chance for the files that failed; more than three are no accident. */
const runAgain = async (first: Round, lacks: object, inBox: boolean): Promise<Round> => {
  const flaky = Object.keys(first.files).filter((file) => (first.files[file]?.failed ?? 0) > 0);
  if (process.env['CI'] !== 'true' || typeof first.outcome === 'string') return first;
  if (flaky.length === 0 || flaky.length > 3) return first;
  for (const file of flaky) console.log(`\nFLAKY?  ${relative(repository, file)} failed: it is run again`);
  const second = await runOnce(flaky, lacks, inBox);
  return { outcome: second.outcome, files: { ...first.files, ...second.files } };
};

await sweep();
const { lacks, failed, canBox } = await prepare();
const first = await runOnce(process.argv.slice(2), lacks, canBox);
const { outcome, files } = await runAgain(first, lacks, canBox);
const counts = sumOf(files);
// What did not end well is a failure, whatever was counted until then.
const failures = counts.failed + failed + (outcome !== 0 && counts.failed === 0 ? 1 : 0);
console.log(`\ntook ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
console.log(closingLine({ ...counts, failed: failures }));
process.exitCode = typeof outcome === 'string' && outcome in constants.signals ? 130 : failures > 0 ? 1 : 0;
