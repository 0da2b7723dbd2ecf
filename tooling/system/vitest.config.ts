import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { countReporter } from './src/count-reporter.ts';

// Not one of the root's projects: this needs root, an engine and minutes. `pnpm test:system` runs it.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    name: 'system',
    include: ['test/**/*.test.ts'],
    // One machine, one engine at a time; the steps of a story build on each other.
    fileParallelism: false,
    sequence: { concurrent: false },
    bail: 0,
    testTimeout: 600_000,
    hookTimeout: 900_000,
    reporters: ['verbose', countReporter],
  },
});
