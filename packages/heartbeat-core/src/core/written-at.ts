import type { Reading } from './reading.ts';

/**
 * When a beat was written, as far as one look can tell, in ms since the epoch: by its own date, and not after its file
 * was.
 *
 * @example
 * if (reading.kind === 'beat') console.log(Date.now() - writtenAt(reading), 'ms old, or older');
 */
export const writtenAt = ({ record, mtimeMs }: Reading & { kind: 'beat' }): number =>
  mtimeMs !== undefined && mtimeMs < record.updatedAt ? mtimeMs : record.updatedAt;
