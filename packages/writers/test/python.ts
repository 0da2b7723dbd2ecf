import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const writer = fileURLToPath(new URL('../python', import.meta.url));

/** A folder of one bot, and its status file. */
export const place = () => {
  const folder = mkdtempSync(join(tmpdir(), 'writers-'));
  return { folder, file: join(folder, 'logs', 'heartbeat_status.txt') };
};

const begin = `import os, sys, time
import sentinel_heartbeat
from sentinel_heartbeat import *
`;

/** Runs a program that imports the writer, in this folder. */
export const python = (folder: string, code: string, input?: string) =>
  execa('python3', ['-c', `${begin}${code}`], {
    cwd: folder,
    env: { PYTHONPATH: writer, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
    reject: false,
    ...(input === undefined ? {} : { input }),
  });
