import { fileURLToPath } from 'node:url';
import { defineProject, type UserWorkspaceConfig } from 'vitest/config';

const sourceCondition = '@sentinel/source';

/** The test project of one package: workspace packages are read from their sources, so no build is needed. */
export const project = (name: string, overrides: UserWorkspaceConfig['test'] = {}) =>
  defineProject({
    resolve: { conditions: [sourceCondition] },
    ssr: { resolve: { conditions: [sourceCondition], externalConditions: [sourceCondition] } },
    test: {
      name,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      setupFiles: ['./no-console.ts', './no-webhook-left.ts'].map((file) =>
        fileURLToPath(new URL(file, import.meta.url)),
      ),
      // Most of the long tests wait for processes, browsers and deadlines: Vitest's own number, one less than the
      // cores, would let a small machine stand idle.
      maxWorkers: 5,
      // No test keeps anything in a module that another one could trip over, and half of the time of a short one
      // was the worker that it began in.
      isolate: false,
      // Waiting is done on conditions; this is only the point at which a hang is called a failure.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // Programs that tests start from their sources compile them once, not at every start: half a second each.
      env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../.cache/compile', import.meta.url)) },
      unstubEnvs: true,
      ...overrides,
    },
  });
