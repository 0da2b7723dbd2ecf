import { spawnSync } from 'node:child_process';

/** Whether a program of the machine is there; a test that needs it says why it skips. */
export const hasTool = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;
