import {
  explainSystemError,
  isSystemError,
  type Parts,
  parseJson,
  readPlainFile,
} from '@sentinel/heartbeat-core';
import type { Outcome } from '@sentinel/monitor';

const entryOf = (line: string): Parts => {
  try {
    return parseJson(line) as Parts;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { msg: line };
  }
};

const marks: Readonly<Record<string, string>> = { warn: 'warning: ', error: 'error: ', fatal: 'error: ' };

const shown = ({ time, level, bot, msg }: Parts, many: boolean): string =>
  [time, many ? bot : undefined, `${marks[String(level)] ?? ''}${msg}`]
    .filter((part) => part !== undefined)
    .join('  ');

/** The last lines of the monitor's log, as people read them; of one bot where it is named. */
export const showLog = (file: string, lines: number, bot: string | undefined): Outcome => {
  try {
    const { bytes } = readPlainFile(file, { followLinks: false });
    const entries = bytes.toString('utf8').split('\n').filter(Boolean).map(entryOf);
    const wanted = entries.filter((entry) => bot === undefined || entry.bot === bot).slice(-lines);
    const many = new Set(wanted.flatMap((entry) => (entry.bot === undefined ? [] : [entry.bot]))).size > 1;
    const none = bot === undefined ? 'The log is empty' : `The log says nothing of ${bot}`;
    return { code: 0, line: wanted.map((entry) => shown(entry, many)).join('\n') || none, json: wanted };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const why =
      error.code === 'ENOENT'
        ? `${file} cannot be read: there is no such file: no monitor has run here`
        : explainSystemError(error);
    return { code: 1, line: `logs: ${why}` };
  }
};
