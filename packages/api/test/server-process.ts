import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type ServerProcess = {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly lines: string[];
  readonly stop: () => Promise<number | null>;
};

const fixture = new URL('./fixtures/serves-forever.ts', import.meta.url).pathname;

/** A real API in a process of its own, on a free port. `options` are those of `createApi`. */
export const startServer = async (options: object): Promise<ServerProcess> => {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--conditions=@sentinel/source', fixture, JSON.stringify(options)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const lines: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  const url = await new Promise<string>((resolve, reject) => {
    exited.then(() => reject(new Error(`the server did not start: ${lines.join('')}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.startsWith('http://')) resolve(line);
      else lines.push(line);
    });
  });
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid as number,
    lines,
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      const [code] = await exited;
      clearTimeout(late);
      return code;
    },
  };
};
