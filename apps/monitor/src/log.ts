import { createCleaner } from '@sentinel/heartbeat-core';
import type { LogFacts, MonitorLog } from '@sentinel/monitor';
import { pino, stdTimeFunctions } from 'pino';
import { openLogFile } from './log-file.ts';

/** The size at which a file is put aside, in bytes, and how many are kept beside the current one. */
const size = 5 * 1024 * 1024;
const kept = 5;

export type Log = MonitorLog & { readonly close: () => void };

type LogOptions = { readonly clean?: (text: string) => string; readonly limit?: number };

const noFile = { write: () => {}, close: () => {} };

const cleanFacts = (facts: LogFacts, clean: (text: string) => string): LogFacts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? clean(value) : value]),
  );

/**
 * Says everything twice: a line for people by `print`, and a line of JSON in a file that is rotated by size, so that
 * the log never fills a disk: `heartbeat_monitor.log`, `heartbeat_monitor.1.log` to `.5.log`. All of it is cleaned
 * first, and what has several lines is shown so that none of them looks like a line of the log.
 *
 * @param file `null`: there is none, and people alone are told.
 * @param options `clean`: what every text goes through.
 */
export const openLog = (
  file: string | null,
  print: (line: string) => void,
  { clean = createCleaner(), limit = size }: LogOptions = {},
): Log => {
  const complain = (why: string) => print(`${new Date().toISOString()} ${file} cannot be written (${why})`);
  const lines = file === null ? noFile : openLogFile(file, { limit, kept, complain });
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
    (given: string, facts: LogFacts = {}) => {
      const message = clean(given);
      print(`${new Date().toISOString()} ${message.replaceAll('\n', '\n  ')}`);
      // A restart command may end after the log was closed: that is said to people alone.
      if (!closed) structured[level](cleanFacts(facts, clean), message);
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
