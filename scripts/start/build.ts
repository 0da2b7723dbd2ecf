import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Builds everything. Prints nothing unless it fails, and then all that was said. */
export const build = async (cwd: string, started: (child: ChildProcess) => void): Promise<boolean> => {
  const child = spawn('turbo', ['run', 'build', '--output-logs=errors-only', '--no-update-notifier'], {
    cwd,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += String(chunk);
    });
  const code = await once(child, 'close').then(
    ([status]) => status as number | null,
    (error: Error) => {
      said += `${error.message}: start it as pnpm start\n`;
      return 1;
    },
  );
  if (code !== 0) process.stderr.write(said);
  return code === 0;
};
