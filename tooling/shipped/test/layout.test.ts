import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bareEnv, shipped, shippedApps, tarballs } from '../src/index.ts';
import { makeOwn } from '../src/layout.ts';
import { root } from '../src/pnpm.ts';

test('the programs that are laid out are those of the last build, and stand outside of the workspace', () => {
  for (const app of ['bot', 'monitor', 'api'] as const) {
    expect(readFileSync(shipped(app)).equals(readFileSync(join(root, 'apps', app, 'dist/index.js')))).toBe(
      true,
    );
    expect(realpathSync(shipped(app)).startsWith(root)).toBe(false);
    expect(existsSync(join(shippedApps(), app, 'src')), 'sources').toBe(false);
  }
  expect(existsSync(join(shippedApps(), 'dashboard/dist/index.html'))).toBe(true);
});

test('what a library of ours is there is a file of its own, which the next build does not change', () => {
  const library = 'node_modules/@sentinel/heartbeat-core/dist/index.js';
  const laidOut = realpathSync(join(shippedApps(), 'bot', library));
  expect(laidOut.startsWith(root)).toBe(false);
  expect(
    readFileSync(laidOut).equals(readFileSync(join(root, 'packages/heartbeat-core/dist/index.js'))),
  ).toBe(true);
});

test('there is a tarball of each package and of each program', () => {
  expect(tarballs().length).toBeGreaterThanOrEqual(9);
});

test('a bare environment has a PATH without the workspace, and what is set', () => {
  const env = bareEnv({ PORT: '0' });
  expect(Object.keys(env).toSorted()).toEqual(['PATH', 'PORT']);
  expect(env.PATH).not.toContain(root);
});

test.skipIf(process.getuid?.() === undefined)(
  'no program is run out of a folder that others may write',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-layout-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    makeOwn(join(folder, 'home'));
    chmodSync(join(folder, 'home'), 0o777);
    expect(() => makeOwn(join(folder, 'home'))).toThrow('may be written by others: remove it');
    symlinkSync('home', join(folder, 'link'));
    expect(() => makeOwn(join(folder, 'link'))).toThrow('may be written by others');
  },
);
