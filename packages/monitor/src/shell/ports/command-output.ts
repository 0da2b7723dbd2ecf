import { closeSync, constants, fstatSync, ftruncateSync, readSync } from 'node:fs';
import { createCleaner, openPlainFile } from '@sentinel/heartbeat-core';
import { inLines } from '../in-lines.ts';
import { startKeeper } from './output-keeper.ts';

/** What a command prints, kept in a file: a bot that stays in the foreground outlives the monitor that started it. */
export type CommandOutput = {
  /** For the command's standard output and error. */
  readonly descriptor: number;
  /** The command has its descriptor: it is closed here. */
  readonly handedOver: () => void;
  /** Resolves when what a command that has ended printed is in the file, as a rule. */
  readonly settled: () => Promise<void>;
  /** Passes on what was printed since the last call, and keeps the file bounded. */
  readonly pass: () => void;
  /** The last 4 KiB, clean. */
  readonly tail: () => string;
  readonly close: () => void;
};

export type OutputOptions = {
  /** Take over a file that a command of a monitor before writes into: what it holds was passed on already. */
  readonly adopt?: boolean;
  /** Where programs are looked for. */
  readonly path?: string | undefined;
  /** What everything goes through that is passed on or told. Default: what `createCleaner` makes without secrets. */
  readonly clean?: (text: string) => string;
};

const { O_RDWR, O_APPEND, O_CREAT } = constants;
const tailBytes = 4096;
/** More is kept than is told: a secret that the cut goes through must be known as one. */
const keptBytes = 2 * tailBytes;
const mostBytes = 1024 * 1024;
/** The file is cut here before the process that keeps it bounded has to: what was not passed on would be lost. */
const cutBytes = mostBytes / 2;
/** And here also while the command prints: what it prints between the look and the cut is lost then. */
const urgentBytes = cutBytes + mostBytes / 8;
/** A command that has printed nothing for so long prints nothing in the middle of the cut, in ms. */
const stillMs = 1000;

const readAt = (descriptor: number, from: number, to: number): Buffer => {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, from));
};

/** A link, a pipe or a device in the file's place is not followed: whoever may write there chose where it leads. */
const openFile = (file: string): number | undefined => {
  try {
    // Appending, so that a file that is cut short under its writer goes on from its new end.
    return openPlainFile(file, O_RDWR | O_APPEND | O_CREAT);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
  }
  return undefined;
};

/**
 * Opens the file, anew unless it is adopted. `undefined`: it cannot be, and the command prints where the monitor does.
 *
 * @param forward takes what the command prints.
 */
export const openOutput = (
  file: string,
  forward: (text: string) => void,
  { adopt = false, path, clean = createCleaner() }: OutputOptions = {},
): CommandOutput | undefined => {
  const descriptor = openFile(file);
  if (descriptor === undefined) return undefined;
  let passed = adopt ? fstatSync(descriptor).size : 0;
  if (!adopt) ftruncateSync(descriptor);
  const keeper = adopt ? null : startKeeper(descriptor, path);
  let pipe = keeper?.descriptor;
  const lines = inLines((text) => forward(clean(text)));
  /** The end of what was cut away: the last words are those before the cut, too. */
  let before: Buffer = Buffer.alloc(0);
  /** When something printed was seen last, in ms of this process. */
  let grewAt = Number.NEGATIVE_INFINITY;

  const end = (size: number): Buffer => {
    const last = readAt(descriptor, Math.max(0, size - keptBytes), size);
    return Buffer.concat([before, last]).subarray(-keptBytes);
  };
  const handedOver = () => {
    if (pipe !== undefined) closeSync(pipe);
    pipe = undefined;
  };
  return {
    descriptor: keeper?.descriptor ?? descriptor,
    handedOver,
    settled: keeper?.settled ?? (async () => {}),
    pass: () => {
      let { size } = fstatSync(descriptor);
      if (size < passed) passed = 0;
      const now = performance.now();
      if (size !== passed) grewAt = now;
      for (;;) {
        if (size > passed) lines.add(readAt(descriptor, Math.max(passed, size - mostBytes), size));
        passed = size;
        if (size > cutBytes) before = end(size);
        // Asked at the very end: what is printed before the cut must have been passed on.
        const grown = fstatSync(descriptor).size;
        if (grown <= size || size > 8 * mostBytes) break;
        size = grown;
        grewAt = now;
      }
      if (size <= (now - grewAt >= stillMs ? cutBytes : urgentBytes)) return;
      ftruncateSync(descriptor);
      passed = 0;
    },
    tail: () => {
      const text = clean(end(fstatSync(descriptor).size).toString('utf8')).trim();
      return Buffer.from(text).subarray(-tailBytes).toString('utf8');
    },
    close: () => {
      handedOver();
      lines.flush();
      closeSync(descriptor);
    },
  };
};
