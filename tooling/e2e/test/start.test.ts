import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { until } from './processes.ts';

// The fleet of `pnpm start` with a stand-in for each of its programs, and a grandchild that does not want to end.
const program = join(import.meta.dirname, 'fixtures/starts-a-fleet.ts');
const silent = join(import.meta.dirname, 'fixtures/passes-no-signal.ts');
const root = resolve(import.meta.dirname, '../../..');

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const openFolder = ({ onTestFinished }: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-start-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
};

const begin = async (folder: string, through: readonly string[] = []) => {
  const [first = process.execPath, ...rest] = [...through, process.execPath, program, folder];
  const child = spawn(first, rest, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.resume();
  // Each program of the fleet leaves its pid in the folder.
  const pids = () =>
    readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  await until('four programs run', () => pids().length === 4);
  const living = () => pids().filter(isAlive);
  const allGone = () => until('every program has ended', () => living().length === 0);
  return { child, exited: once(child, 'exit'), living, allGone };
};

describe.concurrent('everything that was started ends', () => {
  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'with %s, also a program that ignores it',
    async (signal, context) => {
      const { child, exited, living } = await begin(openFolder(context));
      child.kill(signal);
      const [code] = await exited;
      expect(code).toBe({ SIGINT: 0, SIGTERM: 143, SIGHUP: 129 }[signal]);
      expect(living()).toEqual([]);
    },
  );

  test('at a second Ctrl-C too, which leaves no half of it behind', async (context) => {
    const { child, exited, living } = await begin(openFolder(context));
    child.kill('SIGINT');
    child.kill('SIGINT');
    await exited;
    expect(living()).toEqual([]);
  });

  test('when whoever reads its output goes away', async (context) => {
    const folder = openFolder(context);
    const { child, exited, allGone } = await begin(folder);
    child.stdout.destroy();
    writeFileSync(join(folder, 'speak'), '');
    await exited;
    await allGone();
  });

  test('when the program that started it is killed', async (context) => {
    const { child, allGone } = await begin(openFolder(context), [process.execPath, silent]);
    child.kill('SIGKILL');
    await allGone();
  });

  test('when npx is ended, which passes no signal on', async (context) => {
    const folder = openFolder(context);
    // As npm starts things: a package manager, a shell, and then the program.
    const npm = join(folder, 'npm');
    symlinkSync(process.execPath, npm);
    const { child, allGone } = await begin(folder, [npm, silent, '/bin/sh', '-c', '"$@"; :', 'sh']);
    child.kill('SIGKILL');
    await allGone();
  });
});
