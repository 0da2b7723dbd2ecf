import { execFileSync } from 'node:child_process';

export type Text = { readonly text: string; readonly complaint: string };

const longestMs = 60_000;
const mostBytes = 64 * 1024 * 1024;

/** Runs a command. What it printed, and what it complained of, however it ended. */
export const runForText = ([program = '', ...args]: readonly string[], env = process.env): Text => {
  try {
    const options = { encoding: 'utf8', env, timeout: longestMs, maxBuffer: mostBytes } as const;
    const text = execFileSync(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    return { text, complaint: '' };
  } catch (error) {
    // A command that ended with another code than 0, or not in time.
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    return { text: stdout ?? '', complaint: stderr || message };
  }
};
