import { basename } from 'node:path';

/** The pnpm that runs us, where one does: npx takes two seconds to find the same. */
export const pnpmCommand = (args: readonly string[], started = process.env.npm_execpath ?? ''): string[] =>
  /^pnpm/.test(basename(started)) && !/\.[cm]?js$/.test(started)
    ? [started, ...args]
    : ['npx', '-y', 'pnpm@12', ...args];
