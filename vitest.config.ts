import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tooling/vitest/src/longest-first.ts';

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'tooling/checks', 'tooling/e2e'],
    sequence: { sequencer: LongestFirst },
  },
});
