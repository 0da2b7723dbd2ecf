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
const usualPath = '/usr/local/bin:/usr/bin:/bin';

/**
 * Reads part by part into descriptor 3 and empties that before it is too large; where that cannot be done, or nothing can
 * be written, what is printed is let go of, and where dd is missing the shell itself reads. It outlives the monitor and the signals for the command, since without a
 * reader the next line that a bot prints would end it.
 */
const script = `trap "" HUP INT TERM
fits() { [ "$(wc -c </dev/fd/3)" -le ${keptBytes} ]; }
while :; do
  fits || : >/dev/fd/3
  if fits; then said=$(dd bs=256 count=${partBytes / 256} 2>&1 >&3) || said=$(dd bs=256 count=1 2>&1 >/dev/null)
  else said=$(dd bs=256 count=${partBytes / 256} 2>&1 >/dev/null); fi
  case "$said" in
    "0+0 records in"*) exit ;;
    *records*) ;;
    *) while read -r said; do :; done; exit ;;
  esac
done`;

/** Both ends of a pipe that has no name any more; blocking ones, as programs expect. */
type Pipe = { readonly read: number; readonly write: number };
/** Where programs were looked for counts for what reads it, too. */
type Spare = Pipe & { readonly path: string };

const newFolder = () => mkdtempSync(join(tmpdir(), 'sentinel-output-'));
const fifoIn = (folder: string) => join(folder, 'pipe');
const makeFifo = (folder: string, path: string) =>
  ['mkfifo', ['-m', '600', fifoIn(folder)], { env: { PATH: path }, timeout: commandMs }] as const;

/** Opens it, and takes its name away. */
const openFifo = (folder: string, isMade: boolean): Pipe | null => {
  try {
    if (!isMade) return null;
    const fifo = fifoIn(folder);
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

const openPipe = (path: string): Pipe | null => {
  const folder = newFolder();
  const [program, args, options] = makeFifo(folder, path);
  return openFifo(folder, spawnSync(program, args, options).status === 0);
};

/** The one that the next command gets; to make it takes a process, for which a restart would wait. */
let spare: Spare | 'coming' | null = null;

const takeSpare = (path: string): Pipe | null => {
  if (spare === 'coming' || spare?.path !== path) return null;
  const taken = spare;
  spare = null;
  return taken;
};

const hasKeepers = (): boolean => process.platform !== 'win32' && existsSync('/dev/fd');

/** Where it cannot be made ahead the next command has it made. */
const ofSystem = (error: unknown): null => {
  if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
  return null;
};

const makeSpare = (path: string): void => {
  let folder: string | null = null;
  const done = (isMade: boolean) => {
    if (folder === null) return;
    const made = folder;
    folder = null;
    try {
      const pipe = openFifo(made, isMade);
      spare = pipe && { ...pipe, path };
    } catch (error) {
      spare = ofSystem(error);
    }
  };
  try {
    folder = newFolder();
    const [program, args, options] = makeFifo(folder, path);
    spawn(program, args, { ...options, stdio: 'ignore' })
      .once('error', () => done(false))
      .once('exit', (code) => done(code === 0));
  } catch (error) {
    done(false);
    spare = ofSystem(error);
  }
};

/** A monitor that is killed while the pipe is made leaves a folder: most are killed right after their start. */
const spareAfterMs = 5000;

/**
 * Makes the pipe of the next command ahead, a moment later, while nothing waits for it.
 *
 * @param path where programs are looked for.
 */
export const prepareKeeper = (path = usualPath): void => {
  if (spare !== null || !hasKeepers()) return;
  spare = 'coming';
  setTimeout(makeSpare, spareAfterMs, path).unref();
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
export const startKeeper = (file: number, path = usualPath): OutputKeeper | null => {
  if (!hasKeepers()) return null;
  let pipe: ReturnType<typeof openPipe>;
  try {
    pipe = takeSpare(path) ?? openPipe(path);
  } catch (error) {
    // A disk that is full or closed, or no descriptor left: the command prints into the file itself.
    return ofSystem(error);
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
  prepareKeeper(path);
  return { descriptor: pipe.write, settled: () => endOf(keeper) };
};
