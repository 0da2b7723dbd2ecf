import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, readPlainFile, unlessRefused } from '@sentinel/heartbeat-core';
import { z } from 'zod';

export const drillKinds = ['hang', 'crash', 'login-fails', 'error-loop', 'duplicate', 'slow'] as const;

/** The most that an order may ask for. */
export const drillLimits = { seconds: 3600, times: 100 } as const;

const drillSchema = z.object({
  kind: z.enum(['hang', 'crash', 'login-fails', 'error-loop', 'slow']),
  seconds: z.number().positive().max(drillLimits.seconds),
  times: z.int().positive().max(drillLimits.times),
  at: z.number(),
});

export type Drill = z.output<typeof drillSchema>;

const fileIn = (folder: string) => join(folder, 'drill.json');
const freshMs = 60_000;

/** Lays the order for a drill into the bot's folder. False: there is none, so no bot has run. */
export const writeDrill = (folder: string, drill: Drill): boolean => {
  if (!existsSync(folder)) return false;
  const file = fileIn(folder);
  // A name of its own, made anew: no link that somebody laid there is followed.
  const beside = `${file}.${randomUUID()}.tmp`;
  writeFileSync(beside, JSON.stringify(drill), { flag: 'wx', mode: 0o600 });
  renameSync(beside, file);
  return true;
};

export const isDrillWaiting = (folder: string): boolean => existsSync(fileIn(folder));

/** Takes the order away before it is carried out, so that a restarted bot does not do it again. */
export const takeDrill = (folder: string, now: number): Drill | null => {
  const text = takeText(fileIn(folder));
  const drill = text === null ? null : parseDrill(text);
  // One that nobody took in time was for a bot that did not run.
  return drill === null || Math.abs(now - drill.at) > freshMs ? null : drill;
};

/** What cannot be removed is not taken: it would be done again and again. */
const takeText = (file: string): string | null =>
  unlessRefused(() => {
    const text = readPlainFile(file, { followLinks: false }).bytes.toString('utf8');
    rmSync(file);
    return text;
  }, null);

const parseDrill = (text: string): Drill | null => {
  let order: unknown;
  try {
    order = parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return drillSchema.safeParse(order).data ?? null;
};
