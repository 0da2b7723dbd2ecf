import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  acquireInstanceLock,
  createHeartbeat,
  foreignFolder,
  InstanceHeldError,
  type InstanceLock,
} from '@sentinel/heartbeat-core';
import { livesFromBefore } from './before.ts';
import { passOn } from './pass-on.ts';
import {
  endStatus,
  exitCodeOf,
  lastLineOf,
  quietStatus,
  runsStatus,
  type Told,
  toldBy,
  type WrappedEnd,
} from './status.ts';

type WrapOptions = {
  readonly file: string;
  /** Program and arguments; no shell is between. */
  readonly command: readonly string[];
  /** What the status calls it. Default: the name of the program. */
  readonly name?: string | undefined;
  /** Without output for so long it counts as hung, in ms; `null`: that is not looked at. */
  readonly quietForMs: number | null;
  /** What the program gets. */
  readonly environment: NodeJS.ProcessEnv;
  /** Takes what nobody may see out of the line that becomes the status. */
  readonly clean: (text: string) => string;
  readonly warn: (line: string) => void;
};

/** As our bot says it, and as shells do. */
const codes = { held: 3, cannotRun: 126, notFound: 127, refused: 1 } as const;
/** Younger than any maximum age that makes sense. */
const everyMs = 5000;
/** What is printed is in the status this soon, in ms: each beat is a file written. */
const soonMs = 1000;
/** What the program had started may hold its output open for longer than it lives, in ms. */
const lastOutputMs = 1000;

const passedOn = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
/** These tell a program to stop; a terminal gives them to every process that belongs to it. */
const stops: ReadonlySet<NodeJS.Signals> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);
const ofTerminal: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGHUP', 'SIGQUIT']);

const hasTerminal = (): boolean =>
  process.stdin.isTTY === true || process.stdout.isTTY === true || process.stderr.isTTY === true;

/** A folder that was renamed may hold another one's lock by now: the program goes on, and that is told. */
const keepLock = (lock: InstanceLock): string | null => {
  try {
    lock.keep();
    return null;
  } catch (error) {
    if (!(error instanceof InstanceHeldError)) throw error;
    return error.message;
  }
};

const lockOf = (file: string): InstanceLock | string => {
  try {
    return acquireInstanceLock(file);
  } catch (error) {
    if (!(error instanceof InstanceHeldError)) throw error;
    return error.message;
  }
};

/** Begins the program; its end comes later. */
const begin = async (
  { command, environment }: WrapOptions,
  warn: (line: string) => void,
): Promise<ChildProcess | number> => {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['inherit', 'pipe', 'pipe'], env: environment });
  try {
    await once(child, 'spawn');
    return child;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    warn(`${program} cannot be run (${code})`);
    return code === 'ENOENT' ? codes.notFound : codes.cannotRun;
  }
};

/**
 * Runs a program that knows nothing of a heartbeat, and beats for it: while it lives, with what it prints as progress. Its
 * output and the signals pass through, and it resolves to the exit code of the program, or 128 and the number of the signal that
 * ended it. 3: another one holds the status file.
 *
 * @example
 * process.exitCode = await wrap({
 *   file: 'logs/heartbeat_status.txt',
 *   command: ['python3', 'bot.py'],
 *   quietForMs: null,
 *   environment: process.env,
 *   clean: (text) => text,
 *   warn: console.error,
 * });
 */
export const wrap = async (options: WrapOptions): Promise<number> => {
  const { file, warn } = options;
  const foreign = foreignFolder(file);
  if (foreign !== null) {
    warn(`${foreign}, so nothing is run: run it as that user, or set another status file`);
    return codes.refused;
  }
  const lock = lockOf(file);
  if (typeof lock === 'string') {
    warn(lock);
    return codes.held;
  }
  try {
    const before = livesFromBefore(file);
    if (before === null) return await runWrapped(options, lock);
    warn(`process ${before}, whose beats are in ${file}, still runs: end it first, it would be a second bot`);
    return codes.held;
  } finally {
    lock.release();
  }
};

/** Passes on to the program what this process is told; what comes before the program runs waits for it. */
const passSignals = () => {
  // When each came last, the latest at the end.
  const passed = new Map<NodeJS.Signals, number>();
  let child: ChildProcess | undefined;
  const isAtTerminal = hasTerminal();
  for (const signal of passedOn)
    process.on(signal, () => {
      if (stops.has(signal)) {
        passed.delete(signal);
        passed.set(signal, performance.now());
      }
      // The terminal has given it to the program already: twice it would break off the end that it has begun.
      if (!(isAtTerminal && ofTerminal.has(signal))) child?.kill(signal);
    });
  return {
    told: (): readonly Told[] => {
      const now = performance.now();
      return [...passed].map(([signal, at]) => ({ signal, agoMs: now - at }));
    },
    to: (started: ChildProcess): void => {
      child = started;
      for (const signal of passed.keys()) child.kill(signal);
    },
  };
};

/** Beats for a program: while it lives, with what it prints as progress. */
const beatFor = ({ file, quietForMs, clean, warn }: WrapOptions, name: string, pid: number | undefined) => {
  const heartbeat = createHeartbeat({
    file,
    ...(pid === undefined ? {} : { pid }),
    onError: ({ code }) => warn(`the status file ${file} cannot be written (${code})`),
  });
  let printed = 0;
  let lines = { last: '', open: '' };
  let printedAt = performance.now();
  let beatAt = Number.NEGATIVE_INFINITY;
  let isQuiet = false;
  let soon: NodeJS.Timeout | undefined;
  const decoder = new TextDecoder();
  const beat = () => {
    clearTimeout(soon);
    soon = undefined;
    beatAt = performance.now();
    const status = clean(runsStatus({ name, lastLine: lines.last }));
    heartbeat.update(status, { source: 'wrap', progress: printed });
  };
  return {
    look: () => {
      const quietMs = performance.now() - printedAt;
      if (quietForMs === null || quietMs < quietForMs) return beat();
      if (!isQuiet) heartbeat.update(quietStatus(name, quietForMs), { source: 'wrap' });
      isQuiet = true;
    },
    seen: (bytes: Buffer): void => {
      printed += bytes.length;
      printedAt = performance.now();
      isQuiet = false;
      lines = lastLineOf(lines, decoder.decode(bytes, { stream: true }));
      soon ??= setTimeout(beat, Math.max(0, beatAt + soonMs - performance.now()));
    },
    /** No beat comes by itself any more. */
    stop: () => clearTimeout(soon),
    end: (end: WrappedEnd, told: ReturnType<typeof toldBy>): void =>
      void heartbeat.update(clean(endStatus(name, end, told)), {
        source: 'wrap',
        ...(told === null ? {} : { stopped: true }),
      }),
  };
};

const runWrapped = async (options: WrapOptions, lock: InstanceLock): Promise<number> => {
  const { command, quietForMs, warn } = options;
  const name = options.name ?? basename(command[0] ?? '');
  const signals = passSignals();
  const child = await begin(options, warn);
  if (typeof child === 'number') return child;
  signals.to(child);

  const beats = beatFor(options, name, child.pid);
  if (child.stdout !== null) passOn(child.stdout, process.stdout, beats.seen);
  if (child.stderr !== null) passOn(child.stderr, process.stderr, beats.seen);
  beats.look();
  let takenTold: string | null = null;
  const timer = setInterval(
    () => {
      const taken = keepLock(lock);
      if (taken !== null && taken !== takenTold) warn(taken);
      takenTold = taken;
      beats.look();
    },
    Math.min(everyMs, (quietForMs ?? Number.POSITIVE_INFINITY) / 4),
  );
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  clearInterval(timer);
  beats.stop();
  const told = signals.told();
  await Promise.race([closed, sleep(lastOutputMs)]);
  const end: WrappedEnd = { code, signal };
  beats.end(end, toldBy(told, end));
  return exitCodeOf(end);
};
