import { writeSync } from 'node:fs';
import { type Output, readerIsGone } from '@sentinel/heartbeat-core';

/** Where a request prints, and whether that gets anywhere. */
export type Printed = Output & {
  readonly line: (text: string) => void;
  readonly error: (text: string) => void;
};

const pauseMs = 5;

/** Waits, like the stream of Node, for a pipe that is full; `null`: written. */
const writeAll = (output: number, text: string): string | null => {
  let rest = Buffer.from(`${text}\n`);
  while (rest.length > 0)
    try {
      rest = rest.subarray(writeSync(output, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code !== 'EAGAIN') return code;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  return null;
};

/**
 * Prints as `guardOutput` and the console do together, without Node's streams: to load them takes a third of the time of a
 * look.
 */
export const printSync = (program: string): Printed => {
  let failed = false;
  return {
    line: (text) => {
      const code = writeAll(1, text);
      if (code === null || readerIsGone.has(code)) return;
      if (!failed) writeAll(2, `${program}: the output cannot be written (${code})`);
      failed = true;
    },
    error: (text) => {
      const code = writeAll(2, text);
      if (code !== null && !readerIsGone.has(code)) failed = true;
    },
    codeOf: async (code, otherwise = 1) => (code === 0 && failed ? otherwise : code),
  };
};
