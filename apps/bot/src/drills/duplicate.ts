import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { statuses } from '../core/statuses.ts';

export type DuplicateOptions = {
  /** How a second bot is started: program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly statusFile: string;
  readonly seconds: number;
  readonly say: (line: string) => void;
};

/**
 * First the honest try: a second bot, which the lock turns away. Then what a lock cannot prevent, a foreign program
 * that writes into the same status file: its beats alternate with the bot's. It trades nothing.
 */
export const drillDuplicate = async ({
  command,
  statusFile,
  seconds,
  say,
}: DuplicateOptions): Promise<void> => {
  const [program, ...args] = command;
  const second = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(second, 'exit')) as [number | null];
  say(`The second bot ended with exit code ${code}.`);
  say(`A second writer now beats into ${statusFile} for ${seconds} s; it trades nothing.`);
  const rogue = createHeartbeat({ file: statusFile });
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    rogue.update(statuses.drill('a second writer'), { source: 'drill' });
    await sleep(500);
  }
};
