import type { Reading } from '../core/reading.ts';
import type { ReadOptions } from './read.ts';
import { createSources } from './sources.ts';

/** How a status file is watched. */
type WatchOptions = ReadOptions & {
  /** Ends the watching: the iteration finishes without an error. */
  readonly signal?: AbortSignal;
  /**
   * The longest time between two looks, in ms, for disks that announce no changes.
   * @default 1000
   */
  readonly pollMs?: number;
};

/**
 * Readings of a status file as they change, the present one first. Two equal readings in a row are one. Changes are
 * seen through the file's folder, which need not exist yet. A slow consumer gets the newest reading, not a backlog.
 * Ends with the signal, or when the loop is left.
 *
 * @throws RangeError when `pollMs` is no positive number, or `timeZone` no time zone.
 * @example
 * for await (const reading of watchHeartbeat('logs/heartbeat_status.txt', { signal }))
 *   console.log(explainHealth(judge(reading, null, defaultHealthPolicy, null, Date.now())));
 */
export async function* watchHeartbeat(
  file: string,
  { signal, pollMs = 1000, ...options }: WatchOptions = {},
): AsyncGenerator<Reading, void, undefined> {
  if (!(pollMs > 0))
    throw new RangeError(`Expected \`pollMs\` to be a positive number of milliseconds, got ${pollMs}`);
  if (signal?.aborted) return;
  let newest: Reading | undefined;
  let ring = () => {};
  const nextRing = () =>
    new Promise<void>((resolve) => {
      ring = resolve;
    });
  let rung = nextRing();
  const onAbort = () => ring();
  const sources = createSources();
  const source = sources.file(file, options).open((reading) => {
    newest = reading;
    ring();
    sources.ensure();
    source.lookAt(performance.now() + pollMs);
  });
  signal?.addEventListener('abort', onAbort);
  try {
    for (let last: string | undefined; ; ) {
      await rung;
      if (signal?.aborted) return;
      rung = nextRing();
      const text = JSON.stringify(newest);
      if (newest === undefined || text === last) continue;
      last = text;
      yield newest;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await source.close();
    sources.close();
  }
}
