import { closeSync, constants, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createCleaner, makeFolder, oneLine, openPlainFile, unlessRefused } from '@sentinel/heartbeat-core';
import { type Logger, multistream, pino } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'>;

const mostBytes = 5 * 1024 * 1024;
const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

// Synchronous on purpose, unlike pino's own rolling transport in a worker thread: the last lines before a crash are
// the ones that are looked for.
const rollingFile = (file: string) => {
  makeFolder(dirname(file));
  let descriptor = openPlainFile(file, flags, 0o644);
  let bytes = statSync(file).size;
  const turnOver = () => {
    renameSync(file, `${file}.1`);
    const next = openPlainFile(file, flags, 0o644);
    // Only now: the number of a file that is closed is given to the next one that is opened, a database say.
    closeSync(descriptor);
    descriptor = next;
    bytes = 0;
  };
  return {
    write: (line: string) => {
      // A full disk must not stop the trading loop; the heartbeat says so on its own.
      if (bytes > mostBytes) unlessRefused(turnOver, undefined);
      bytes += unlessRefused(() => writeSync(descriptor, line), 0);
    },
  };
};

const clock = (at: number) => new Date(at).toISOString().slice(11, 23);

// What a broker's page or a service says must not steer the terminal, nor look like a line of this log.
const shown = createCleaner();

const pretty = {
  write: (line: string) => {
    const { time, level, msg } = JSON.parse(line) as { time: number; level: number; msg: string };
    const text = shown(msg).replaceAll('\n', '\n  ');
    process.stdout.write(`${clock(time)} ${level >= 50 ? 'ERROR ' : level >= 40 ? 'WARN ' : ''}${text}\n`);
  },
};

export type LogOptions = {
  readonly file: string;
  readonly format: 'pretty' | 'json';
  readonly redact: (text: string) => string;
};

/** JSON lines in a file of at most twice 5 MB, and lines for people (or JSON) on standard output. */
export const createLog = ({ file, format, redact }: LogOptions): Log => {
  const streams = [rollingFile(file), format === 'pretty' ? pretty : process.stdout];
  const clean = streams.map((stream) => ({
    stream: { write: (line: string) => void stream.write(`${oneLine(redact(line))}\n`) },
  }));
  return pino({ base: null }, multistream(clean));
};
