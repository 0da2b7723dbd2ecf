import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { redact } from '@sentinel/heartbeat-core';

/** What a command prints, kept in a file: a bot that stays in the foreground outlives the monitor that started it. */
export type CommandOutput = {
  /** For the command's standard output and error. */
  readonly descriptor: number;
  /** Passes on what was printed since the last call, and keeps the file bounded. */
  readonly pass: () => void;
  /** The last 4 KiB, without what looks like a secret. */
  readonly tail: () => string;
  readonly close: () => void;
};

const tailBytes = 4096;
const mostBytes = 1024 * 1024;

const readAt = (descriptor: number, from: number, to: number): string => {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, from)).toString('utf8');
};

/**
 * Opens the file anew. `undefined`: it cannot be, and the command prints where the monitor does.
 *
 * @param forward takes what the command prints.
 */
export const openOutput = (file: string, forward: (text: string) => void): CommandOutput | undefined => {
  let descriptor: number;
  try {
    // Appending, so that a file that is cut short under its writer goes on from its new end.
    descriptor = openSync(file, 'a+', 0o600);
    ftruncateSync(descriptor);
  } catch {
    return undefined;
  }
  let passed = 0;
  return {
    descriptor,
    pass: () => {
      const { size } = fstatSync(descriptor);
      if (size < passed) passed = 0;
      if (size === passed) return;
      forward(readAt(descriptor, Math.max(passed, size - mostBytes), size));
      passed = size;
      if (size <= mostBytes) return;
      ftruncateSync(descriptor);
      passed = 0;
    },
    tail: () => {
      const { size } = fstatSync(descriptor);
      return redact(readAt(descriptor, Math.max(0, size - tailBytes), size)).trim();
    },
    close: () => closeSync(descriptor),
  };
};
