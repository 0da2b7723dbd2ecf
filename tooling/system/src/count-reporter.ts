import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { type Counts, writeCounts } from './counts.ts';
import { runFolder } from './needs.ts';

const files: Record<string, Counts> = {};

const add = (file: string, what: keyof Counts) => {
  const counts = files[file] ?? { passed: 0, failed: 0, skipped: 0 };
  files[file] = { ...counts, [what]: counts[what] + 1 };
  writeCounts(runFolder, files);
};

/** A file or a group whose set-up failed has no result for its tests: it counts as one failure, shown at once. */
const noteErrors = (part: TestModule | TestSuite) => {
  const errors = part.errors();
  if (errors.length === 0) return;
  for (const { message } of errors) console.log(`FAILED  set-up of ${part.type} ${part.id}\n${message}`);
  add((part.type === 'suite' ? part.module : part).moduleId, 'failed');
};

/** Counts the tests of each file as they end. */
export const countReporter: Reporter = {
  onInit() {
    if (runFolder === '') throw new Error('these tests run in a box of their own: use `pnpm test:system`');
  },
  onTestCaseResult(test: TestCase) {
    const { state } = test.result();
    add(test.module.moduleId, state === 'pending' ? 'skipped' : state);
  },
  onTestSuiteResult: noteErrors,
  onTestModuleEnd: noteErrors,
};
