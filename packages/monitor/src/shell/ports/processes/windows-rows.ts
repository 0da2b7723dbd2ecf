import { jsonIn } from '@sentinel/heartbeat-core';
import type { Process } from '../../../custody/process.ts';

/** One process as PowerShell prints it: `Started` is in ms since the epoch. */
type Row = {
  readonly ProcessId?: number | null;
  readonly ParentProcessId?: number | null;
  readonly CommandLine?: string | null;
  readonly ExecutablePath?: string | null;
  readonly Started?: number | null;
};

/** Asks for all processes at once; the start goes out as a number, since each version writes a date in its own way. */
export const windowsQuery = [
  "$ErrorActionPreference='Stop'",
  '[Console]::OutputEncoding=[Text.Encoding]::UTF8',
  "$zero=[datetime]::new(1970,1,1,0,0,0,'Utc')",
  "$started=@{n='Started';e={if($_.CreationDate){[math]::Floor(($_.CreationDate.ToUniversalTime()-$zero).TotalMilliseconds)}}}",
  'Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,CommandLine,ExecutablePath,$started | ConvertTo-Json -Compress',
].join('; ');

/** The words of a command line, by the rules of CommandLineToArgvW: a backslash counts only before a quote. */
export const wordsOfLine = (line: string): readonly string[] => {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let [rest, size] = [line, 0]; rest !== ''; rest = rest.slice(size)) {
    const [, slashes = '', quote = ''] = /^(\\*)("?)/.exec(rest) ?? [];
    size = Math.max(1, slashes.length + quote.length);
    if (quote !== '') {
      word = (word ?? '') + '\\'.repeat(Math.floor(slashes.length / 2));
      if (slashes.length % 2 === 1) word += '"';
      else if (quoted && rest[size] === '"') {
        word += '"';
        size += 1;
      } else quoted = !quoted;
    } else if (slashes === '' && !quoted && /^\s/.test(rest)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + rest.slice(0, size);
  }
  return word === null ? words : [...words, word];
};

/** Paths as the rest of Sentinel reads them. */
const slashed = (path: string): string => path.replaceAll('\\', '/');

const processOf = (row: Row, bootAt: number): Process | null => {
  const { ProcessId: pid, ParentProcessId: parent, CommandLine: line, ExecutablePath: exe, Started } = row;
  if (typeof pid !== 'number' || pid === 0) return null;
  const [name, ...more] = typeof line === 'string' && line !== '' ? wordsOfLine(line) : [];
  return {
    pid,
    parent: parent ?? 0,
    // There are no process groups: each is its own.
    group: pid,
    uid: null,
    // The system's own processes have no start: they began with the machine.
    mark: Started ?? 0,
    startedUp: typeof Started === 'number' ? Started - bootAt : 0,
    terminal: false,
    args: name === undefined ? null : [slashed(name), ...more.map(slashed)],
    folder: null,
    exe: typeof exe === 'string' ? slashed(exe) : null,
    environment: null,
    namespace: null,
  };
};

/**
 * The processes that PowerShell has printed; `null`: that is no list of them.
 *
 * @param bootAt when the machine started, in ms since the epoch.
 */
export const rowsOf = (printed: string, bootAt: number): readonly Process[] | null => {
  const parsed = jsonIn(printed.replace(/^\uFEFF/, ''));
  if (!Array.isArray(parsed)) return null;
  const rows = parsed.flatMap((row: Row | null) => (row === null ? [] : (processOf(row, bootAt) ?? [])));
  if (rows.length === 0) return null;
  const startOf = new Map(rows.map(({ pid, mark }) => [pid, mark]));
  // A number of a parent that has ended may have been given to another process since.
  return rows.map((row) => ((startOf.get(row.parent) ?? 0) > row.mark ? { ...row, parent: 0 } : row));
};
