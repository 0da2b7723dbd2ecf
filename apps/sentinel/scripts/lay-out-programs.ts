// The programs as they are built, below dist/ of this package: it is published with everything in it.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { noticesOf } from './notices.ts';

const apps = resolve(import.meta.dirname, '../..');
const target = resolve(import.meta.dirname, '../dist/programs');
const { version } = JSON.parse(readFileSync(join(apps, 'sentinel/package.json'), 'utf8')) as {
  version: string;
};

for (const program of ['monitor', 'api']) {
  const folder = join(target, program);
  cpSync(join(apps, program, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (file) => !file.endsWith('.map'),
  });
  // It says its version from there. One package has one.
  const manifest = { name: `sentinel-${program}`, version, private: true, type: 'module' };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
if (!existsSync(join(apps, 'dashboard/dist/index.html'))) throw new Error('The page is not built');
cpSync(join(apps, 'dashboard/dist'), join(target, 'dashboard/dist'), { recursive: true });

const sources = ['monitor', 'api'].flatMap((program) => {
  const folder = join(apps, program, 'dist');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.map'))
    .flatMap((name) =>
      (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { sources: string[] }).sources.map((source) =>
        resolve(folder, source),
      ),
    );
});
const ofPage = Object.keys(
  (JSON.parse(readFileSync(join(apps, 'dashboard/package.json'), 'utf8')) as { dependencies: object })
    .dependencies,
).map((name) => join(apps, 'dashboard/node_modules', name, 'package.json'));
mkdirSync(target, { recursive: true });
writeFileSync(join(target, 'NOTICES.txt'), noticesOf([...sources, ...ofPage]));
