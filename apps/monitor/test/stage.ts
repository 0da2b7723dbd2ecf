import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';
import { refuseWebhookIn } from '@sentinel/tooling-vitest/webhook-secret';

/** The program and its arguments, as a shell would be given them. */
export const command = (...args: string[]) => [process.execPath, shipped('monitor'), ...args];

/** A folder in which the command line is run as real processes; `clear` ends whatever is left of them. */
export const openStage = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-command-line-'));
  const children: ChildProcess[] = [];
  const everySaid: { readonly out: string; readonly error: string }[] = [];

  const start = (argv: readonly string[], env: Record<string, string> = {}) => {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, {
      cwd: folder,
      env: bareEnv({ SENTINEL_BOT_NAME: 'alpha', ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const said = { out: '', error: '' };
    everySaid.push(said);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said.error += text;
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const stop = async () => {
      child.kill('SIGTERM');
      return ended;
    };
    return { child, said, ended, stop };
  };

  const run = async (...args: string[]) => {
    const { said, ended } = start(command(...args));
    return { code: await ended, ...said };
  };

  return {
    folder,
    start,
    monitor: (args: readonly string[], env?: Record<string, string>) => start(command(...args), env),
    run,
    clear: () => {
      for (const child of children) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      for (const { out, error } of everySaid) refuseWebhookIn(out + error, 'what was printed');
    },
  };
};
