import { spawnSync } from 'node:child_process';
import { basename, delimiter, dirname, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../../..');

// The pnpm that runs the tests, where one does: npx takes two seconds to find the same.
const started = process.env.npm_execpath ?? '';
const own = /^pnpm/.test(basename(started)) && !/\.[cm]?js$/.test(started) ? started : undefined;

/**
 * Runs a command in the root of the workspace, as `pnpm` does.
 * @throws an error with everything that the command printed, when it fails.
 */
export const run = (command: string, args: readonly string[]): void => {
  const path = [...(own === undefined ? [] : [dirname(own)]), process.env.PATH].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: '1' },
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
};

export const pnpm = (...args: string[]): void =>
  own === undefined ? run('npx', ['-y', 'pnpm@12', ...args]) : run(own, args);

export const node = (...args: string[]): void => run(process.execPath, args);
