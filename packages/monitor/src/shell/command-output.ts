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

export type OutputOptions = {
  /** Take over a file that a command of a monitor before writes into: what it holds was passed on already. */
  readonly adopt?: boolean;
};

const tailBytes = 4096;
const mostBytes = 1024 * 1024;

const readAt = (descriptor: number, from: number, to: number): Buffer => {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, from));
};

/**
 * Opens the file, anew unless it is adopted. `undefined`: it cannot be, and the command prints where the monitor does.
 *
 * @param forward takes what the command prints.
 */
export const openOutput = (
  file: string,
  forward: (text: string) => void,
  { adopt = false }: OutputOptions = {},
): CommandOutput | undefined => {
  let descriptor: number;
  let passed = 0;
  try {
    // Appending, so that a file that is cut short under its writer goes on from its new end.
    descriptor = openSync(file, 'a+', 0o600);
    if (adopt) passed = fstatSync(descriptor).size;
    else ftruncateSync(descriptor);
  } catch {
    return undefined;
  }
  /** The end of what was cut away: the last words are those before the cut, too. */
  let before: Buffer = Buffer.alloc(0);

  const end = (size: number): Buffer => {
    const last = readAt(descriptor, Math.max(0, size - tailBytes), size);
    return Buffer.concat([before, last]).subarray(-tailBytes);
  };
  return {
    descriptor,
    pass: () => {
      let { size } = fstatSync(descriptor);
      if (size < passed) passed = 0;
      // Asked again behind each part: what is printed before the cut must have been passed on.
      for (; size > passed; size = fstatSync(descriptor).size) {
        forward(readAt(descriptor, Math.max(passed, size - mostBytes), size).toString('utf8'));
        passed = size;
        if (size > 8 * mostBytes) break;
      }
      if (size <= mostBytes) return;
      before = end(size);
      ftruncateSync(descriptor);
      passed = 0;
    },
    tail: () => redact(end(fstatSync(descriptor).size).toString('utf8')).trim(),
    close: () => closeSync(descriptor),
  };
};
