import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const shm = '/dev/shm';

/** A folder for the journals of one story, in memory where the system has such a place. */
export const temporary = (): string =>
  mkdtempSync(join(existsSync(shm) ? shm : tmpdir(), 'sentinel-simulate-'));
