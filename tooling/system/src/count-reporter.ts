import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { writeCounts } from './counts.ts';
import { runFolder } from './needs.ts';

const cases = { passed: 0, failed: 0, skipped: 0, pending: 0 };
let broken = 0;

const write = () =>
  writeCounts(runFolder, {
    passed: cases.passed,
    failed: cases.failed + broken,
    skipped: cases.skipped + cases.pending,
  });

/** A file or a group whose set-up failed has no result for its tests: it counts as one failure, shown at once. */
const noteErrors = (part: TestModule | TestSuite) => {
  const errors = part.errors();
  if (errors.length === 0) return;
  broken += 1;
  for (const { message } of errors) console.log(`FAILED  set-up of ${part.type} ${part.id}\n${message}`);
  write();
};

/** Counts the tests as they end. */
export const countReporter: Reporter = {
  onInit() {
    if (runFolder === '') throw new Error('these tests run in a box of their own: use `pnpm test:system`');
  },
  onTestCaseResult(test: TestCase) {
    cases[test.result().state] += 1;
    write();
  },
  onTestSuiteResult: noteErrors,
  onTestModuleEnd: noteErrors,
};
