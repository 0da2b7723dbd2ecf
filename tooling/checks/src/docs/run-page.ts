import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareEnv, shippedApps } from '@sentinel/tooling-shipped';
import { root } from './pages.ts';
import type { Runnable } from './runnable.ts';

export type Outcome = {
  /** What each block printed; a block that was never reached has none. */
  readonly printed: readonly string[];
  /** The commands of each block that failed, as `exit code, command`. */
  readonly failed: readonly (readonly string[])[];
};

// Only the point at which a hang is called one: a page takes seconds, on a busy machine some more.
const longestMs = 240_000;
// The demo's browser without its window, where it is installed, takes less than half the time to start.
const headless = '/usr/bin/chromium-headless-shell';
// What a reader has in the root of a clone after the first `./sentinel`.
const inTheClone = ['docker', 'scripts', 'tooling', 'node_modules', '.env.example', 'README.md'];

/**
 * Runs the blocks of one page, in order, in one shell, in a folder that looks like a clone with built apps: those that
 * ship. Port 5000 is a free one. Whatever was started is ended with it.
 */
export const runPage = async (blocks: readonly Runnable[]): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-docs-'));
  const notes = join(folder, '.notes');
  const clone = join(folder, 'sentinel');
  mkdirSync(notes);
  mkdirSync(clone);
  for (const name of inTheClone) symlinkSync(join(root, name), join(clone, name));
  symlinkSync(shippedApps(), join(clone, 'apps'));
  // A copy: of a link it would take the folder that it leads to, and what is built there.
  copyFileSync(join(root, 'sentinel'), join(clone, 'sentinel'));
  const port = String(await freePort());
  const script = blocks.map(({ commands }, index) => {
    const file = join(notes, String(index));
    writeFileSync(`${file}.sh`, `${commands.replaceAll('5000', port)}:\n`);
    return `note=${file}\nexec >"$note.out" 2>&1\n. "$note.sh"\n`;
  });
  const trap = `trap 'echo "$?, $BASH_COMMAND" >>"$note.failed"' ERR\n`;
  try {
    await run(`${trap}${script.join('')}`, clone, port);
    const read = (ending: string) =>
      blocks.map((_, index) => readIfThere(join(notes, `${index}.${ending}`)).replaceAll(port, '5000'));
    return {
      printed: read('out'),
      failed: read('failed').map((text) => text.split('\n').filter((line) => line !== '')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

const run = async (script: string, cwd: string, port: string): Promise<void> => {
  const mark = `SENTINEL_DOCS_RUN=${cwd}`;
  const shell = spawn('bash', ['-c', script], {
    cwd,
    env: bareEnv({
      PATH: `${dirname(process.execPath)}:${bareEnv().PATH}`,
      HOME: cwd,
      LANG: 'C.UTF-8',
      PORT: port,
      ...(existsSync(headless) ? { CHROME_PATH: headless } : {}),
      SENTINEL_DOCS_RUN: cwd,
    }),
    stdio: 'ignore',
  });
  const ended = new Promise<void>((done, fail) => shell.once('error', fail).once('exit', () => done()));
  await Promise.race([ended, sleep(longestMs, undefined, { ref: false })]);
  // A restarted bot has a group of its own and no parent left: it is known by what it inherited.
  await endAll(() => pidsWith(mark));
  await ended;
};

const endAll = async (pids: () => number[]): Promise<void> => {
  for (const signal of ['SIGTERM', 'SIGCONT', 'SIGKILL'] as const) {
    for (const pid of pids()) signalTo(pid, signal);
    const deadline = performance.now() + (signal === 'SIGTERM' ? 0 : 10_000);
    while (pids().length > 0 && performance.now() < deadline) await sleep(50);
  }
};

const signalTo = (pid: number, signal: NodeJS.Signals) => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
};

const pidsWith = (mark: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readIfThere(`/proc/${pid}/environ`).split('\0').includes(mark))
    .map(Number);

const readIfThere = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
