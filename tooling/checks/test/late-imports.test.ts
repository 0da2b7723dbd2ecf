import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { root } from '../src/docs/pages.ts';
import { lateImportsIn, lateImportsOf, missingIn } from '../src/late-imports.ts';

beforeAll(() => {
  execFileSync(join(root, 'node_modules/.bin/turbo'), ['run', 'build', '--output-logs=errors-only'], {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}, 300_000);

// The page is for browsers, and loads nothing late.
const built = () =>
  ['apps', 'packages'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name !== 'dashboard')
      .map((name) => join(root, folder, name, 'dist'))
      .filter((dist) => existsSync(dist) || existsSync(join(dist, '../tsup.config.ts')))
      .flatMap((dist) =>
        readdirSync(dist)
          .filter((name) => name.endsWith('.js'))
          .map((name) => join(dist, name)),
      ),
  );

test('what a built program loads late has every name that the program takes from it', () => {
  const files = built();
  expect(files.filter((file) => file.includes('/apps/monitor/')).length).toBeGreaterThan(4);
  const asked = lateImportsOf(files);
  expect(asked.flatMap(({ names }) => names ?? [])).toEqual(expect.arrayContaining(['proxied', 'chromium']));
  expect(missingIn(asked)).toEqual([]);
});

test.each([
  ['const { A, b: c } = await import("./x.js")', ['A', 'b']],
  ['let root = 1, { A } = await import("./x.js"), more', ['A']],
  ['(await import("./x.js")).A()', ['A']],
  ['import("./x.js").then(({ A }) => A)', ['A']],
  ['use(await import("./x.js"), 1)', null],
  ['const { A, ...rest } = await import("./x.js")', null],
])('%s: the names that are taken', (text, names) => {
  expect(lateImportsIn(text)).toEqual([{ specifier: './x.js', names }]);
});

test('a library that has nothing but `default` in its chunk is found, as is one that cannot be loaded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-late-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'index.mjs');
  writeFileSync(join(folder, 'chunk.mjs'), 'export default { IncomingWebhook: class {} };');
  writeFileSync(
    program,
    `// import("./only-said.mjs")
     const { IncomingWebhook } = await import("./chunk.mjs");
     use(await import("./chunk.mjs"));
     const { gone } = await import("./gone.mjs");`,
  );
  expect(missingIn(lateImportsOf([program]))).toEqual([
    `${program}: ./chunk.mjs has no IncomingWebhook`,
    `${program}: ./chunk.mjs has no name beside default`,
    expect.stringContaining(`${program}: ./gone.mjs: Error`),
  ]);
});
