// `pnpm test:system`: installs what is missing, then runs the system tests in a box.
// Each step prints one line; the last line counts the tests. Words after it choose test files, as vitest's do.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { boxed, prefix, removeFolder, sweep } from './box.ts';
import { repository } from './cache.ts';
import { type Counts, closingLine, countsFile } from './counts.ts';
import { prepare } from './prepare.ts';

const limitMinutes = 38;
const started = performance.now();

/** Runs vitest, in the box where there is one. Resolves with its exit code, or with why it was ended. */
const runTests = (folder: string, lacks: object, inBox: boolean): Promise<number | string> =>
  new Promise((done) => {
    const vitest = [
      'node',
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'tooling/system/vitest.config.ts',
      ...process.argv.slice(2),
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
      limitMinutes * 60_000,
    );
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end(signal));
    child.once('error', (error) => end(error.message));
    child.once('close', (code) => {
      clearTimeout(timer);
      done(ended ?? code ?? 1);
    });
  });

await sweep();
const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
const { lacks, failed, canBox } = await prepare();
const outcome = await runTests(folder, lacks, canBox);
let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
try {
  counts = JSON.parse(readFileSync(countsFile(folder), 'utf8')) as Counts;
} catch {
  console.log('The tests ended without a report.');
}
await removeFolder(folder);
if (typeof outcome === 'string') console.log(`\nThe tests were ended: ${outcome}`);
// What did not end well is a failure, whatever was counted until then.
const failures = counts.failed + failed + (outcome !== 0 && counts.failed === 0 ? 1 : 0);
console.log(`\ntook ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
console.log(closingLine({ ...counts, failed: failures }));
process.exitCode = typeof outcome === 'string' && outcome in constants.signals ? 130 : failures > 0 ? 1 : 0;
