import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const isBuilt = existsSync(join(root, 'dist/index.js'));
const needsBuild = 'the package is not built: run `pnpm build` first';

/** What a script prints in a fresh process that takes the package by its name, from `dist`. */
const printedBy = (...args: string[]) =>
  execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });

test('the built package loads by require and by import, as one and the same module', (context) => {
  if (!isBuilt) return context.skip(needsBuild);
  const script = `
    const required = require('@sentinel/heartbeat-core');
    import('@sentinel/heartbeat-core').then((imported) => {
      console.log(required.createHeartbeat === imported.createHeartbeat);
      console.log(required.parseStatusFile('[OK] On\\n2023-06-15T14:30:45').record.status);
      return required.loadSchemas();
    }).then(({ statusDetails }) => console.log(statusDetails.parse({ session_active: true })));`;
  expect(printedBy('--input-type=commonjs', '-e', script)).toBe('true\n✅ On\n{ session_active: true }\n');
});

test('the entry for pages has no Node in it, down to the files that it shares', (context) => {
  if (!isBuilt) return context.skip(needsBuild);
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const code = readFileSync(join(root, 'dist', name), 'utf8');
    expect(code).not.toMatch(/(?:from|import) ?"(?:node:|zod)/);
    for (const [, next = ''] of code.matchAll(/from "\.\/([^"]+)"/g)) visit(next);
  };
  visit('browser.js');
});

// 208 kB until json and log said halted and needs_person, more words were errors, and no position or secret was lost in a beat.
// 206 kB until secrets were known by their shape too, and the lock of another user was refused with what to do.
// 200 kB until locks were closed to readers, who holds one was named, and links of others were not followed.
// 193 kB until nested JSON, pipes as locks and a fault at one file were told, and a secret's base64 was struck out to its end.
// 191 kB until the locks and sources of ten thousand bots shared their functions.
// 190 kB until all that nobody sees was taken out of texts, and each token of a list was a secret.
// 182 kB until what it declares was a file for each of its sources, and not one for all.
// 176 kB until claims of locks were made together, a clock was compared where its beat came, and programs shared three helpers.
// 172 kB until copies of earlier beats, a second name of a lock and more formats of logs were told apart.
// 85 kB until the market hours, the sources and the scheduler moved in from the monitor, and there was an entry for pages.
test('it installs with less than 216 kB, its dependency aside', (context) => {
  if (!isBuilt) return context.skip(needsBuild);
  const published = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
  const bytes = ['package.json', 'README.md', '../../LICENSE', ...published]
    .map((name) => statSync(join(root, name)).size)
    .reduce((sum, size) => sum + size);
  expect(bytes).toBeLessThan(216_000);
});
