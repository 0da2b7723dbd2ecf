import { spawn } from 'node:child_process';
import type { Outcome, ShOptions } from './sh.ts';

/** A question, as far as it identifies it, and the answer that is typed; an empty one is Enter alone. */
export type Answer = readonly [question: string, answer: string];

/**
 * Runs a line of shell at a terminal, and answers its questions as a person does: each when it has been asked. A
 * question that does not come is waited for until the time is over, and one that is not known stays without answer.
 */
export const converse = (
  command: string,
  answers: readonly Answer[],
  { cwd, env, timeoutMs = 60_000 }: ShOptions = {},
): Promise<Outcome> =>
  new Promise((resolve) => {
    // Raw from the start: what is typed before the program has made it so would reach it as something else.
    const child = spawn('script', ['-qec', `stty raw -echo; ${command}`, '/dev/null'], {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // `script` ends with its terminal, and so does whatever reads from it.
    const timer = setTimeout(() => child.kill(), timeoutMs);
    const left = [...answers];
    let output = '';
    let asked = '';
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      asked += chunk.toString();
      const [question, answer] = left[0] ?? [];
      if (question === undefined || !asked.includes(question)) return;
      asked = '';
      left.shift();
      child.stdin.write(`${answer}\r`);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const missed = left.length > 0 ? `\n(not asked: ${left[0]?.[0]})` : '';
      resolve({ code: code ?? 1, output: output + missed });
    });
  });
