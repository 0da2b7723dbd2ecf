import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isSystemError } from '@sentinel/heartbeat-core';

/** What a command needs to be started with its output kept: pipes, two files, and some for what happens beside it. */
const needed = 12;

/**
 * Whether this process could open as many files as the start of a command takes. A bot that is ended by a monitor that can
 * start nothing stays dead.
 */
export const canStart = (): boolean => {
  const open: number[] = [];
  try {
    while (open.length < needed) open.push(openSync(devNull, 'r'));
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // Too many open files, here or in the whole system.
    return false;
  } finally {
    for (const descriptor of open) closeSync(descriptor);
  }
};
