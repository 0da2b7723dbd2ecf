import { isSystemError, jsonIn, readPlainFile } from '@sentinel/heartbeat-core';
import { type FleetTable, fleetTable } from '../core/fleet-table.ts';
import type { ApiLog } from '../options.ts';

/** What an observer of this machine last wrote; `null`: none has, or it cannot be read. It is read once for each time it is written. */
export type FleetFile = () => FleetTable | null;

const mostBytes = 2 ** 26;
/** Looked for this often at most, in ms: the table of many bots is long. */
const againMs = 1000;

const parse = (text: string): FleetTable | string => {
  const document = jsonIn(text);
  if (document === undefined) return 'it is no JSON';
  const read = fleetTable.safeParse(document);
  return read.success ? read.data : `it is not as expected at ${read.error.issues[0]?.path.join('.')}`;
};

/** Opens the table that an observer writes. `file` undefined: there is none. */
export const openFleetFile = (file: string | undefined, monotonic: () => number, log: ApiLog): FleetFile => {
  let at = Number.NEGATIVE_INFINITY;
  let mark = '';
  let table: FleetTable | null = null;
  let told = '';
  const look = (path: string) => {
    try {
      const { bytes, stats } = readPlainFile(path, { mostBytes });
      const next = `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
      if (next === mark) return;
      mark = next;
      const read = parse(bytes.toString('utf8'));
      table = typeof read === 'string' ? null : read;
      if (typeof read === 'string' && read !== told) log.warn(`${path} cannot be used: ${read}`);
      told = typeof read === 'string' ? read : '';
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'ENOENT' && error.code !== told) log.warn(`${path} cannot be read (${error.code})`);
      told = error.code ?? '';
      mark = '';
      table = null;
    }
  };
  return () => {
    if (file !== undefined && monotonic() - at >= againMs) {
      at = monotonic();
      look(file);
    }
    return table;
  };
};
