// `pnpm test`: installs what the tests need, then lints, type-checks, builds and tests everything.
// Each step prints one line; the output of a step that fails is shown whole. The last line counts the tests.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { notAsked } from './audit.ts';
import { installSystemPackages } from './system-packages.ts';

// Where vitest.config.ts puts it.
const report = '.cache/test-report.json';

type Step = { readonly name: string; readonly command: readonly string[] };

/** One checker: several would each check what they share. */
const typesOf = (config: string) => ['tsc', '-p', config, '--checkers', '1'];

const steps: readonly Step[] = [
  { name: 'lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'architecture', command: ['node', 'tooling/checks/src/architecture.ts'] },
  { name: 'types', command: typesOf('.') },
  { name: 'page types', command: typesOf('apps/dashboard') },
  { name: 'page tests', command: typesOf('apps/dashboard/tsconfig.node.json') },
  { name: 'examples', command: ['node', 'tooling/checks/src/doc-examples.ts'] },
  { name: 'build', command: ['turbo', 'run', 'build', '--output-logs=errors-only'] },
  { name: 'dead code', command: ['knip', '--no-config-hints'] },
  { name: 'packages', command: ['node', 'tooling/checks/src/published-packages.ts'] },
  { name: 'release', command: ['node', 'tooling/checks/src/release-dry-run.ts'] },
  { name: 'licences', command: ['node', 'tooling/checks/src/licences.ts'] },
  { name: 'audit', command: ['node', 'tooling/checks/src/audit.ts'] },
];

const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' };

const run = (command: readonly string[], quiet: boolean): Promise<{ code: number; output: string }> =>
  new Promise((resolve, reject) => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      env: environment,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });

const runSteps = async (): Promise<string[]> => {
  const failed: string[] = [];
  for (const { name, command } of steps) {
    const started = performance.now();
    const { code, output } = await run(command, true);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const word = code === 0 ? 'ok    ' : code === notAsked ? '-     ' : 'FAILED';
    console.log(
      `${word}  ${name.padEnd(14)} ${seconds} s${code === notAsked ? `  ${output.trim().split('\n').at(-1)}` : ''}`,
    );
    if (code === 0 || code === notAsked) continue;
    failed.push(name);
    console.log(output);
  }
  return failed;
};

type Report = { numPassedTests: number; numFailedTests: number; numPendingTests: number };

const readReport = (): Report => {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Report;
  } catch {
    // A runner that died before its report is a failure, never 'no tests'.
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
  }
};

installSystemPackages();
const failed = await runSteps();
mkdirSync('.cache', { recursive: true });
rmSync(report, { force: true });
// On a machine that decides once whether a change lands, a test is tried again and named as flaky. At a desk it fails.
const retry = process.env.CI === 'true' ? ['--retry=1'] : [];
const tests = await run(['vitest', 'run', ...retry], false);
const { numPassedTests, numFailedTests, numPendingTests } = readReport();
if (tests.code !== 0) failed.push('tests');
if (failed.length > 0) console.log(`\nFAILED: ${failed.join(', ')}`);
// A guard that failed counts as one failure, so that the closing line never says less than the exit code.
const failures = Math.max(numFailedTests + failed.filter((name) => name !== 'tests').length, failed.length);
console.log(
  `\n${numPassedTests} passed, ${failures} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
