import { constants } from 'node:os';
import { isAlive, starters } from './processes.ts';

const codeOf = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => 128 + constants.signals[signal];

const lookMs = 500;

/**
 * Resolves with an exit code when this command is to end: at a signal, when its terminal or pipe is gone, and when
 * a program that it was started through (npx, pnpm) has died without passing a signal on. Later signals are swallowed: the end is under way.
 */
export const toldToStop = (): Promise<number> =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => done(signal === 'SIGINT' ? 0 : codeOf(signal)));
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => done(codeOf('SIGHUP')));
    const parent = process.ppid;
    const through = starters();
    setInterval(() => {
      if (process.ppid !== parent || !through.every(isAlive)) done(codeOf('SIGHUP'));
    }, lookMs).unref();
  });
