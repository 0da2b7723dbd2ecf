import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const folder = fileURLToPath(new URL('../../../.cache/fixtures', import.meta.url));

/**
 * A fixture and all that it takes from our sources, in one file: a process that a test starts dozens of times reads one
 * file and not two hundred, which was two thirds of its start. It is named after its content: whoever runs an earlier
 * one keeps it.
 */
export const bundled = (fixture: URL): string => {
  const [code] = buildSync({
    entryPoints: [fileURLToPath(fixture)],
    ...{ bundle: true, write: false, platform: 'node', format: 'esm', target: 'node22.13' },
    conditions: ['@sentinel/source'],
    // CommonJS libraries ask for Node's modules by `require`.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  }).outputFiles;
  if (code === undefined) throw new Error(`Nothing was made of ${fixture}`);
  const name = basename(fixture.pathname, '.ts');
  const file = join(
    folder,
    `${name}-${createHash('sha256').update(code.contents).digest('hex').slice(0, 12)}.mjs`,
  );
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, code.contents);
    renameSync(`${file}.${process.pid}`, file);
  }
  return file;
};
