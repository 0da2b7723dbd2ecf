import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../src/cache.ts';

test('every drill holds', async () => {
  // With its table and the story of each one that fails, as at a desk.
  const child = spawn(process.execPath, [join(repository, 'tooling/drill/src/run.ts'), '--story'], {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}, 1_500_000);
