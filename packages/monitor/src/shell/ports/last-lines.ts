import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { explainSystemError, isSystemError, openPlainFile } from '@sentinel/heartbeat-core';
import { lastLines } from '../../core/last-lines.ts';

/** More is read than is shown: a secret that the cut goes through must be known as one. In bytes. */
const readBytes = 16_384;

const endOf = (file: string): Buffer => {
  // A link is not followed: the bot, which may be another user, would choose what people are shown.
  const descriptor = openPlainFile(file, constants.O_RDONLY);
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, readBytes));
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, size - buffer.length));
  } finally {
    closeSync(descriptor);
  }
};

/** The last lines of a log, clean; why there are none, where it cannot be read. */
export const lastLinesOf = (file: string, clean: (text: string) => string): string => {
  try {
    return lastLines(clean(endOf(file).toString('utf8')));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return `${file}: ${explainSystemError(error)}`;
  }
};
