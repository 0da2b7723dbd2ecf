import { failureReports } from './failure-reports.ts';
import { createHeartbeat, defaultFile } from './heartbeat.ts';
import type { Heartbeat, HeartbeatOptions, UpdateOptions } from './heartbeat-options.ts';

const bound = new Map<string, Heartbeat>();
const pathless = failureReports('a `file` that is no path');
let usual: Heartbeat | undefined;

/**
 * Sets the file for {@link updateHeartbeatStatus} calls without a file. Call it in the app's entry, which reads
 * `HEARTBEAT_STATUS_FILE`: this package does not read the environment.
 *
 * @example
 * configureHeartbeat({ file: process.env.HEARTBEAT_STATUS_FILE ?? 'logs/heartbeat_status.txt' });
 */
export const configureHeartbeat = (options: HeartbeatOptions): Heartbeat => {
  usual = createHeartbeat(options);
  return usual;
};

/**
 * Writes one beat to `logs/heartbeat_status.txt` (or what {@link configureHeartbeat} set, or `options.file`).
 * It is synchronous and never throws: it returns whether the beat was written. The first failure of each cause goes to
 * the error handler, by default as a line on standard error. A boolean argument is `sessionActive`, as in the Python
 * function.
 *
 * @example
 * updateHeartbeatStatus('⏳ Signal validation in progress');
 * updateHeartbeatStatus('✅ Trade executed', { source: 'loop', progress: trades });
 * updateHeartbeatStatus('✅ Login successful', true);
 */
export const updateHeartbeatStatus = (
  status: string,
  options: (UpdateOptions & { readonly file?: string }) | boolean = {},
): boolean => {
  try {
    const file = typeof options === 'boolean' ? undefined : options?.file;
    return heartbeatOf(file).update(status, options);
  } catch (error) {
    // Only a `file` that is no path at all comes here.
    pathless.add(error);
    return false;
  }
};

const heartbeatOf = (file: string | undefined): Heartbeat => {
  if (file === undefined) {
    usual ??= createHeartbeat({ file: defaultFile });
    return usual;
  }
  const known = bound.get(file);
  if (known !== undefined) return known;
  const heartbeat = createHeartbeat({ file });
  bound.set(file, heartbeat);
  return heartbeat;
};
