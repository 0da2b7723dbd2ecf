import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { statuses } from '../core/statuses.ts';
import { exitCodes } from '../exit-codes.ts';

type DuplicateOptions = {
  /** How a second bot is started that ends where it would begin to work: program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly statusFile: string;
  readonly seconds: number;
  readonly say: (line: string) => void;
  /** The longest time for the second bot, ms. Default: 30 s. */
  readonly withinMs?: number;
};

const usualMs = 30_000;

const startSecond = async ([program, ...args]: DuplicateOptions['command'], timeout: number) => {
  const stdio = ['ignore', 'inherit', 'inherit'] as const;
  const second = spawn(program, args, { stdio: [...stdio], timeout, killSignal: 'SIGKILL' });
  const [code] = (await once(second, 'exit')) as [number | null];
  return code;
};

/**
 * First the honest try: a second bot, which the lock turns away. Then what a lock cannot prevent, a foreign program
 * that writes into the same status file: its beats alternate with the bot's. It trades nothing. Rejects, with nothing
 * written, when the second bot was not turned away: then no bot runs, and a writer would only pretend that one does.
 */
export const drillDuplicate = async (options: DuplicateOptions): Promise<void> => {
  const { statusFile, seconds, say } = options;
  const code = await startSecond(options.command, options.withinMs ?? usualMs);
  if (code !== exitCodes.alreadyRunning)
    throw new Error(
      code === null
        ? 'The second bot did not end in time and was ended: the drill is off'
        : `Expected the second bot to end with exit code ${exitCodes.alreadyRunning}, got ${code}: does a bot run on ${statusFile}?`,
    );
  say(`The second bot ended with exit code ${code}.`);
  say(`A second writer now beats into ${statusFile} for ${seconds} s; it trades nothing.`);
  const rogue = createHeartbeat({ file: statusFile });
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    rogue.update(statuses.drill('a second writer'), { source: 'drill' });
    await sleep(500);
  }
};
