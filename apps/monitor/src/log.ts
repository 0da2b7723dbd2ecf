import { basename, dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFacts, MonitorLog } from '@sentinel/monitor';
import { pino, stdTimeFunctions } from 'pino';
import { createStream } from 'rotating-file-stream';

/** The size at which a file is put aside, and how many are kept beside the current one. */
const size = '5M';
const kept = 5;
const closeMs = 2000;

export type Log = MonitorLog & {
  /** Resolves when what was said is on the disk. */
  readonly close: () => Promise<void>;
};

/**
 * Says everything twice: a line for people by `print`, and a line of JSON in a file that is rotated by size, so that
 * the log never fills a disk: `heartbeat_monitor.log`, `heartbeat_monitor.1.log` to `.5.log`.
 */
export const openLog = (file: string, print: (line: string) => void, limit = size): Log => {
  const name = basename(file, '.log');
  const stream = createStream((index) => (index === null ? `${name}.log` : `${name}.${index}.log`), {
    path: dirname(file),
    size: limit as '5M',
    rotate: kept,
  });
  let complained = false;
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!complained)
      print(`${new Date().toISOString()} ${file} cannot be written (${error.code ?? error.message})`);
    complained = true;
  });
  const structured = pino(
    {
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    stream,
  );
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, facts: LogFacts = {}) => {
      print(`${new Date().toISOString()} ${message}`);
      // A restart command may end after the log was closed: that is said to people alone.
      if (!closed) structured[level](facts, message);
    };
  return {
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    close: async () => {
      closed = true;
      // What it could not write it has complained of already.
      const ended = finished(stream).catch(() => {});
      stream.end();
      await Promise.race([ended, sleep(closeMs, undefined, { ref: false })]);
    },
  };
};
