import { defineConfig } from 'vitest/config';
import { ClosingList } from './tooling/vitest/src/closing-list.ts';
import { LongestFirst } from './tooling/vitest/src/longest-first.ts';

export default defineConfig({
  test: {
    projects: [
      'packages/*',
      'apps/*',
      'tooling/checks',
      'tooling/drill',
      'tooling/e2e',
      'tooling/fuzz',
      'tooling/shipped',
      'tooling/simulate',
    ],
    reporters: ['default', 'json', new ClosingList()],
    outputFile: { json: '.cache/test-report.json' },
    sequence: { sequencer: LongestFirst },
  },
});
