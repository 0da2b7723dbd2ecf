import type { LogFacts, MonitorLog } from '@sentinel/monitor';
import { pino, stdTimeFunctions } from 'pino';
import { openLogFile } from './log-file.ts';

/** The size at which a file is put aside, in bytes, and how many are kept beside the current one. */
const size = 5 * 1024 * 1024;
const kept = 5;

export type Log = MonitorLog & { readonly close: () => void };

/**
 * Says everything twice: a line for people by `print`, and a line of JSON in a file that is rotated by size, so that
 * the log never fills a disk: `heartbeat_monitor.log`, `heartbeat_monitor.1.log` to `.5.log`.
 */
export const openLog = (file: string, print: (line: string) => void, limit = size): Log => {
  const lines = openLogFile(file, {
    limit,
    kept,
    complain: (why) => print(`${new Date().toISOString()} ${file} cannot be written (${why})`),
  });
  let closed = false;
  const structured = pino(
    {
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    lines,
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
    close: () => {
      closed = true;
      lines.close();
    },
  };
};
