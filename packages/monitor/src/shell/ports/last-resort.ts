import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCleaner, isSystemError } from '@sentinel/heartbeat-core';
import { type CommandOutput, openOutput } from './command-output.ts';
import { endGroup } from './end-process.ts';
import { markGroup } from './process-table.ts';

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
/** The file that it prints into is cut this often, in ms, when it has grown large. */
const boundEveryMs = 1000;

type LastResortOptions = {
  readonly withinMs?: number;
  /** What all that it prints goes through before anybody sees it. */
  readonly clean?: (text: string) => string;
};

type Kept = CommandOutput & { readonly remove: () => void };

/**
 * A file, since a pipe would end with the monitor, and a command that prints into it would be killed in the middle of
 * closing positions. It is left behind when that happens: somebody may want to read it.
 */
const openKept = (
  path: string | undefined,
  clean: (text: string) => string,
  log: (line: string) => void,
): Kept | undefined => {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-on-exhausted-'));
    const output = openOutput(join(folder, 'output'), () => {}, { path, clean });
    return output && { ...output, remove: () => rmSync(folder, { recursive: true, force: true }) };
  } catch (error) {
    // Whatever it is, the command is run: it may close positions.
    if (!isSystemError(error))
      log(`The --on-exhausted command: its output is not kept, for a fault (${error})`);
    return undefined;
  }
};

/**
 * Runs the command of a spent budget in a shell and a process group of its own. The watching does not wait for it, and
 * it goes on when the monitor ends.
 *
 * @param env what it inherits; `undefined`: all that this process has.
 * @param done is told how it ended.
 */
export const runLastResort = (
  command: string,
  env: Record<string, string> | undefined,
  log: (line: string) => void,
  done: (outcome: LastResortOutcome) => void,
  { withinMs = limitMs, clean = createCleaner() }: LastResortOptions = {},
): void => {
  log('The restart budget is spent: the --on-exhausted command is run');
  const began = performance.now();
  const output = openKept(env?.PATH, clean, log);
  const out = output?.descriptor ?? 'inherit';
  const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', out, out], env });
  output?.handedOver();
  // A monitor that is told to end does not wait for it.
  child.unref();
  const mark = child.pid === undefined ? null : markGroup(child.pid);
  const bounding = setInterval(() => output?.pass(), boundEveryMs).unref();
  const timer = setTimeout(() => {
    log(`The --on-exhausted command ran longer than ${withinMs / 1000} s: it is ended`);
    if (child.pid !== undefined)
      endGroup(child.pid, mark, killAfterMs).catch((error) =>
        log(`The --on-exhausted command: ${error.message}`),
      );
  }, withinMs).unref();
  const end = async (exitCode: number | null, signal: string | null, words: string) => {
    clearTimeout(timer);
    clearInterval(bounding);
    log(`The --on-exhausted command ${words}`);
    const tookMs = Math.round(performance.now() - began);
    await output?.settled();
    done({ ok: exitCode === 0, tookMs, exitCode, signal, output: output?.tail() ?? '' });
    output?.close();
    output?.remove();
  };
  child.once('error', (error) => void end(null, null, `could not be started: ${error.message}`));
  child.once('exit', (code, signal) => void end(code, signal, `ended (${signal ?? `exit code ${code}`})`));
};
