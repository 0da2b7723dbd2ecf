import { lastHolderOf } from './lock.ts';
import { isWriterGone } from './writer-gone.ts';

/**
 * Whether the process that said last that it holds the lock on `file` is known to be gone. One that let go of it, or that this system
 * cannot tell of (another machine, another container), is not, and `false`.
 *
 * @param suffix as it was given when the lock was taken.
 * @example
 * if (isHolderGone('logs/heartbeat_status.txt', '.monitor')) console.warn('its monitor was killed');
 */
export const isHolderGone = (file: string, suffix = ''): boolean => {
  const holder = lastHolderOf(file, suffix);
  if (holder === null) return false;
  const { pid, host, boot } = holder;
  // Without it a number is no proof, and by it the host need not be asked for.
  return typeof boot === 'string' && isWriterGone({ pid, host, boot });
};
