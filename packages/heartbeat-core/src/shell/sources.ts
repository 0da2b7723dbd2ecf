import { errorMessage } from '../core/error-words.ts';
import type { Reading } from '../core/reading.ts';
import { checkZone } from '../core/zoned-time.ts';
import { beginReading, type ReadOptions } from './read.ts';
import { createRounds } from './rounds.ts';
import { createScheduler, type Task } from './scheduler.ts';
import { watchFolders } from './watch-folders.ts';

/** Where readings come from. The status file is the first kind; what stands above a source is the same for all kinds. */
export type Source = {
  /**
   * Gives the present reading, and one at every look from then on, also where nothing has changed. The next look waits
   * for `onReading`.
   */
  readonly open: (onReading: (reading: Reading) => void | Promise<void>) => OpenSource;
};

type OpenSource = {
  /** Looks now; during a look: once more after it. */
  readonly look: () => void;
  /** Looks at this instant of the sources' clock at the latest. A later call replaces an earlier one. */
  readonly lookAt: (due: number) => void;
  /** Ends when the look that is under way has ended; no reading comes after the call. */
  readonly close: () => Promise<void>;
};

type FileSourceOptions = ReadOptions & {
  /** False: the file lies on a disk that announces no changes, and is looked at when asked only. Default: true. */
  readonly events?: boolean;
};

type SourcesOptions = {
  /** A clock that nobody can set, in ms. Default: `performance.now()`. */
  readonly now?: () => number;
  /** Told once where this machine cannot watch any more folders, and what to do; and of each look that failed. */
  readonly warn?: (line: string) => void;
  /** Whether an open source keeps the process alive. Default: true. */
  readonly persistent?: boolean;
};

export type Sources = {
  /** @throws RangeError when `timeZone` is not a time zone. */
  readonly file: (file: string, options?: FileSourceOptions) => Source;
  /** Tells of each change of another file, such as a journal's. */
  readonly onChange: (file: string, changed: () => void) => () => void;
  /** Watches folders that have appeared, or were replaced, since. To be called every few seconds. */
  readonly ensure: () => void;
  readonly close: () => void;
};

/** A look that failed is made again after this, in ms. */
const afterFaultMs = 1000;

/**
 * The sources of one process: any number of them share one timer, and one watcher for a folder.
 *
 * @example
 * const sources = createSources();
 * const open = sources.file('logs/heartbeat_status.txt').open((reading) => {
 *   const { state, changesInMs } = judge(reading, null, defaultHealthPolicy, null, Date.now());
 *   console.log(state);
 *   open.lookAt(performance.now() + Math.min(60_000, changesInMs ?? 60_000));
 * });
 */
export const createSources = ({
  now = () => performance.now(),
  warn,
  persistent = true,
}: SourcesOptions = {}): Sources => {
  const folders = watchFolders(warn ?? (() => {}), persistent);
  const scheduler = createScheduler(now, persistent);
  const failed = (file: OpenFile, path: string, error: unknown) => {
    // Whoever asked for no words gets the error itself.
    if (warn === undefined) throw error;
    warn(`A look at ${path} failed: ${errorMessage(error)}`);
    file.lookAt(now() + afterFaultMs);
  };
  const parts = { folders, scheduler, rounds: createRounds(), failed };

  return {
    file: (file, options = {}) => {
      checkZone(options.timeZone);
      return { open: (onReading) => new OpenFile(parts, file, options, onReading) };
    },
    onChange: folders.add,
    ensure: folders.ensure,
    close: () => {
      scheduler.stop();
      folders.close();
    },
  };
};

type Parts = {
  readonly folders: ReturnType<typeof watchFolders>;
  readonly scheduler: ReturnType<typeof createScheduler>;
  readonly rounds: ReturnType<typeof createRounds>;
  /** The last fence: what one file does to this program keeps no other from being looked at. */
  readonly failed: (file: OpenFile, path: string, error: unknown) => void;
};

/** One open file; of ten thousand each has its state, and shares the rest. */
class OpenFile implements OpenSource, Task {
  due = Number.POSITIVE_INFINITY;
  queuedAt = Number.POSITIVE_INFINITY;
  private readonly parts: Parts;
  private readonly file: string;
  private readonly options: FileSourceOptions;
  private readonly onReading: (reading: Reading) => void | Promise<void>;
  private readonly ignore: (() => void) | null;
  private looking: Promise<void> | null = null;
  private again = false;
  private closed = false;

  constructor(
    parts: Parts,
    file: string,
    options: FileSourceOptions,
    onReading: (reading: Reading) => void | Promise<void>,
  ) {
    this.parts = parts;
    this.file = file;
    this.options = options;
    this.onReading = onReading;
    this.ignore = options.events !== false ? parts.folders.add(file, () => this.look()) : null;
    this.look();
  }

  look(): void {
    if (this.looking !== null) this.again = true;
    else if (!this.closed) this.looking = this.lookOn();
  }

  /** What the scheduler does when the look is due. */
  run(): void {
    this.look();
  }

  lookAt(due: number): void {
    if (!this.closed) this.parts.scheduler.set(this, due);
  }

  /** Of its own: it is handed on to whoever ends things. */
  readonly close = async (): Promise<void> => {
    this.closed = true;
    this.parts.scheduler.set(this, Number.POSITIVE_INFINITY);
    this.ignore?.();
    await this.looking;
  };

  private async lookOn(): Promise<void> {
    try {
      do {
        // Never within the call that asks for it: whoever opens a source has to have it.
        await null;
        await new Promise<void>((resolve, reject) =>
          this.parts.rounds.add(() => {
            try {
              resolve(this.readNow());
            } catch (error) {
              reject(error);
            }
          }),
        );
      } while (this.again && !this.closed);
    } catch (error) {
      this.parts.failed(this, this.file, error);
    } finally {
      this.looking = null;
    }
  }

  /** Reads when its turn has come: what was read before others had theirs may be long out of date. */
  private readNow(): void | Promise<void> {
    if (this.closed) return;
    this.again = false;
    const reading = beginReading(this.file, this.options);
    if (!(reading instanceof Promise)) return this.onReading(reading);
    return reading.then((late) => (this.closed ? undefined : this.onReading(late)));
  }
}
