import { foreignFile, isSystemError, readPlainFile } from '@sentinel/heartbeat-core';
import type { ConfigOutcome, HoursOutcome } from './config.ts';

type Text = { readonly kind: 'text'; readonly text: string };
type Wrong = { readonly kind: 'wrong'; readonly lines: readonly string[] };

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTFILE: 'it is no file, but a pipe, a socket or a device',
};

const readText = (file: string): Text | Wrong => {
  try {
    const { bytes, stats } = readPlainFile(file);
    // It names commands to run.
    const foreign = foreignFile(file, stats);
    if (foreign !== null) return { kind: 'wrong', lines: [`${file}: ${foreign}`] };
    return { kind: 'text', text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const { code } = error;
    return { kind: 'wrong', lines: [`${file}: ${reasons[code] ?? `it cannot be read (${code})`}`] };
  }
};

/**
 * Reads a config file. What takes it apart is loaded here, so that a monitor of one bot does without its memory and a check
 * without its time.
 *
 * @example
 * const outcome = await readConfig('sentinel.json');
 * if (outcome.kind === 'wrong') for (const line of outcome.lines) warn(line); // sentinel.json: bots[2].maxAge: expected ...
 */
export const readConfig = (file: string): Promise<ConfigOutcome> => read(file, 'parseConfig');

/** As {@link readConfig}, for who watches no bot: the file may have none. */
export const readConfigWithoutBots = (file: string): Promise<ConfigOutcome> => read(file, 'parseWithoutBots');

const read = async (file: string, how: 'parseConfig' | 'parseWithoutBots'): Promise<ConfigOutcome> => {
  const found = readText(file);
  if (found.kind === 'wrong') return found;
  const parse = (await import('./parse-config.ts'))[how];
  const outcome = parse(await import('zod'), found.text);
  return outcome.kind === 'wrong'
    ? { kind: 'wrong', lines: outcome.lines.map((line) => `${file}: ${line}`) }
    : outcome;
};

/** Reads a file that holds market hours alone, in the form that a config file has them in. */
export const readMarketHoursFile = async (file: string): Promise<HoursOutcome> => {
  const read = readText(file);
  if (read.kind === 'wrong') return read;
  const { parseHours } = await import('./parse-config.ts');
  const outcome = parseHours(await import('zod'), read.text);
  if (outcome.kind === 'hours') return outcome;
  return { kind: 'wrong', lines: outcome.lines.map((line) => `${file}: ${line}`) };
};
