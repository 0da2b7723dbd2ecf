import { readFileSync, statSync } from 'node:fs';
import { isSystemError, type MarketHours } from '@sentinel/heartbeat-core';
import { type ConfigOutcome, parseConfig } from './parse-config.ts';

type Text = { readonly kind: 'text'; readonly text: string };
type Wrong = { readonly kind: 'wrong'; readonly lines: readonly string[] };

const readText = (file: string): Text | Wrong => {
  try {
    // A pipe would be waited for, for ever, and a device never ends.
    const stats = statSync(file);
    if (!stats.isFile() && !stats.isDirectory())
      return { kind: 'wrong', lines: [`${file}: it is no file, but a pipe, a socket or a device`] };
    return { kind: 'text', text: readFileSync(file, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const { code } = error;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    return { kind: 'wrong', lines: [`${file}: ${why}`] };
  }
};

/**
 * Reads a config file. zod is loaded here, so that a monitor of one bot, which needs none, does without its memory.
 *
 * @example
 * const outcome = await readConfig('sentinel.json');
 * if (outcome.kind === 'wrong') for (const line of outcome.lines) warn(line); // sentinel.json: bots[2].maxAge: expected ...
 */
export const readConfig = async (file: string): Promise<ConfigOutcome> => {
  const read = readText(file);
  if (read.kind === 'wrong') return read;
  const outcome = parseConfig(await import('zod'), read.text);
  return outcome.kind === 'wrong'
    ? { kind: 'wrong', lines: outcome.lines.map((line) => `${file}: ${line}`) }
    : outcome;
};

/** Reads a file that holds market hours alone, in the form that a config file has them in. */
export const readMarketHoursFile = async (
  file: string,
): Promise<{ readonly kind: 'hours'; readonly hours: MarketHours } | Wrong> => {
  const read = readText(file);
  if (read.kind === 'wrong') return read;
  const config = `{"bots": [{"name": "bot", "file": "file", "marketHours": ${read.text}}]}`;
  const outcome = parseConfig(await import('zod'), config);
  const hours = outcome.kind === 'config' ? outcome.config.bots[0]?.marketHours : undefined;
  if (hours !== undefined) return { kind: 'hours', hours };
  const lines = outcome.kind === 'wrong' ? outcome.lines : ['is empty'];
  return { kind: 'wrong', lines: lines.map((line) => `${file}: ${line.replace(/^bots\[0\]\./, '')}`) };
};
