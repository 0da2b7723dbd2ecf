import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';

type ShippedApi = { readonly url: string; readonly pid: number; readonly stop: () => Promise<void> };

/** The API as it ships, with these settings, on a free port. */
export const startShippedApi = async (
  settings: Readonly<Record<string, string>>,
  folder: string,
): Promise<ShippedApi> => {
  const child = spawn(process.execPath, [shipped('api')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: bareEnv({ ...settings, PORT: '0' }),
  });
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    exited.then(([code]) => reject(new Error(`the API ended with ${code} at its start`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [address] = /http:\/\/\S+/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};
