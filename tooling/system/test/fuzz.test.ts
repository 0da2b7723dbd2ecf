import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../src/cache.ts';

test('whatever is read from outside holds for inputs that nobody thought of, for two minutes', async () => {
  const program = join(repository, 'tooling/fuzz/src/run.ts');
  const args = ['--conditions=@sentinel/source', program, '--minutes', '2'];
  const child = spawn(process.execPath, args, { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});
