import { spawn } from 'node:child_process';
import { redact } from '@sentinel/heartbeat-core';
import { endGroup } from './end-process.ts';
import { markGroup } from './process-table.ts';

/** How the command ended. */
export type LastResortOutcome = {
  readonly ok: boolean;
  readonly tookMs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last 4 KiB that it printed, without what looks like a secret. */
  readonly output: string;
};

/** How long the command may take, in ms; then its whole group is ended. */
const limitMs = 60_000;
const killAfterMs = 5000;
const tailChars = 4096;

/**
 * Runs the command of a spent budget in a shell and a process group of its own. The watching does not wait for it.
 *
 * @param done is told how it ended.
 */
export const runLastResort = (
  command: string,
  log: (line: string) => void,
  done: (outcome: LastResortOutcome) => void,
  withinMs = limitMs,
): void => {
  log('The restart budget is spent: the --on-exhausted command is run');
  const began = performance.now();
  let output = '';
  const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-tailChars);
    });
  const mark = child.pid === undefined ? null : markGroup(child.pid);
  const timer = setTimeout(() => {
    log(`The --on-exhausted command ran longer than ${withinMs / 1000} s: it is ended`);
    if (child.pid !== undefined)
      endGroup(child.pid, mark, killAfterMs).catch((error) =>
        log(`The --on-exhausted command: ${error.message}`),
      );
  }, withinMs);
  // A monitor that is told to end does not wait for it either.
  timer.unref();
  const end = (exitCode: number | null, signal: string | null, words: string) => {
    clearTimeout(timer);
    log(`The --on-exhausted command ${words}`);
    const tookMs = Math.round(performance.now() - began);
    done({ ok: exitCode === 0, tookMs, exitCode, signal, output: redact(output).trim() });
  };
  child.once('error', (error) => end(null, null, `could not be started: ${error.message}`));
  child.once('exit', (code, signal) => {
    // What it printed last may still be on its way; a child of its own may hold the pipe for ever.
    setImmediate(() => end(code, signal, `ended (${signal ?? `exit code ${code}`})`));
  });
};
