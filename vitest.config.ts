import { defineConfig } from 'vitest/config';
import { shippedSetup } from './tooling/shipped/src/index.ts';
import { ClosingList } from './tooling/vitest/src/closing-list.ts';
import { project } from './tooling/vitest/src/index.ts';
import { LongestFirst } from './tooling/vitest/src/longest-first.ts';

const testsOf = (...folders: string[]) => folders.map((folder) => `${folder}/{src,test}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Two for all of them: each project starts workers of its own, and reads and runs what they share once more.
    projects: [
      project('unit', { include: testsOf('packages/*', 'tooling/{fuzz,simulate}') }),
      project('programs', {
        include: testsOf('apps/{api,bot,monitor,sentinel}', 'tooling/{checks,drill,e2e,shipped}'),
        globalSetup: [shippedSetup],
      }),
      'apps/dashboard',
    ],
    reporters: ['default', 'json', new ClosingList()],
    outputFile: { json: '.cache/test-report.json' },
    sequence: { sequencer: LongestFirst },
  },
});
