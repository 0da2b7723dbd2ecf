import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Stands between a command and the file of what it prints, and lives as long as anything prints. */
type OutputKeeper = {
  /** For the command's standard output and error; to be closed here once the command has it. */
  readonly descriptor: number;
  /** Resolves when all that was printed is in the file, or after a moment: a daemon that the command left prints on. */
  readonly settled: () => Promise<void>;
};

/** The file is cut when a part more would take it beyond 1 MiB. */
const partBytes = 256 * 1024;
const keptBytes = 1024 * 1024 - partBytes;
const settleMs = 250;
const commandMs = 5000;

/**
 * Reads part by part into descriptor 3 and empties that before it is too large; where that cannot be done, or nothing can
 * be written, what is printed is let go of. It outlives the monitor and the signals for the command, since without a
 * reader the next line that a bot prints would end it.
 */
const script = `trap "" HUP INT TERM
fits() { [ "$(wc -c </dev/fd/3)" -le ${keptBytes} ]; }
while :; do
  fits || : >/dev/fd/3
  if fits; then said=$(dd bs=256 count=${partBytes / 256} 2>&1 >&3) || said=$(dd bs=256 count=1 2>&1 >/dev/null)
  else said=$(dd bs=256 count=${partBytes / 256} 2>&1 >/dev/null); fi
  case "$said" in "0+0 records in"*) exit ;; esac
done`;

/** Both ends of a pipe that has no name any more; blocking ones, as programs expect. */
const openPipe = (path: string): { readonly read: number; readonly write: number } | null => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-output-'));
  try {
    const fifo = join(folder, 'pipe');
    const { status } = spawnSync('mkfifo', ['-m', '600', fifo], { env: { PATH: path }, timeout: commandMs });
    if (status !== 0) return null;
    // Open for both, so that neither of the others waits for its other end.
    const both = openSync(fifo, constants.O_RDWR);
    const read = openSync(fifo, constants.O_RDONLY);
    const write = openSync(fifo, constants.O_WRONLY);
    closeSync(both);
    return { read, write };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const endOf = (keeper: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (keeper.exitCode !== null || keeper.signalCode !== null) return resolve();
    keeper.once('exit', () => resolve());
    setTimeout(resolve, settleMs).unref();
  });

/**
 * Starts a small process (a shell and `dd`) that keeps the file within 1 MiB, however much is printed and whether or not
 * the monitor lives. `null`: there is none here (Windows, no `mkfifo`, no room for temporary files).
 *
 * @param file the descriptor of the open file.
 * @param path where programs are looked for.
 */
export const startKeeper = (file: number, path = '/usr/local/bin:/usr/bin:/bin'): OutputKeeper | null => {
  if (process.platform === 'win32' || !existsSync('/dev/fd')) return null;
  let pipe: ReturnType<typeof openPipe>;
  try {
    pipe = openPipe(path);
  } catch (error) {
    // A disk that is full or closed, or no descriptor left: the command prints into the file itself.
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    return null;
  }
  if (pipe === null) return null;
  const keeper = spawn('/bin/sh', ['-c', script], {
    cwd: '/',
    // A group of its own: it has to read what a command prints that is being ended.
    detached: true,
    stdio: [pipe.read, 'ignore', 'ignore', file],
    env: { PATH: path, LC_ALL: 'C' },
  });
  keeper.on('error', () => {});
  keeper.unref();
  closeSync(pipe.read);
  if (keeper.pid === undefined) {
    closeSync(pipe.write);
    return null;
  }
  return { descriptor: pipe.write, settled: () => endOf(keeper) };
};
