import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { type Engine, startEngine } from '../src/engine.ts';
import { lackOf } from '../src/needs.ts';

const lack = lackOf('containers', 'drills in containers');
let engine: Engine | undefined;

beforeAll(async () => {
  if (lack === undefined) engine = await startEngine();
});
afterAll(async () => {
  await engine?.stop();
});

test('every drill holds', async () => {
  // With its table and the story of each one that fails, as at a desk.
  const child = spawn(process.execPath, [join(repository, 'tooling/drill/src/run.ts'), '--story'], {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...(engine === undefined ? {} : { DOCKER_HOST: `unix://${engine.socket}` }) },
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}, 1_500_000);
