import { isSystemError, parseJson, readPlainFile, writeStatusFile } from '@sentinel/heartbeat-core';
import {
  formatKept,
  type Kept,
  keptMs,
  type RosterEntry,
  readKept,
  readProblem,
  readRosterEntry,
  rosterEntryOf,
  signOf,
} from '../core/kept.ts';
import type { Problem } from '../core/problems.ts';
import type { HostTable } from '../core/table.ts';
import { ackKey, closedIds, openIds, readAcks, readTold, silentUntil, toldKey } from '../core/told.ts';
import type { Shared } from './shared.ts';

const nothing: Kept = { table: new Map(), incidents: new Map() };

type Warn = (line: string) => void;

/** What the observer before this one knew. What cannot be read is told, and the fleet fills it again. */
export const readKeptFile = (file: string, wall: number, warn: Warn): Kept => {
  try {
    const { bytes } = readPlainFile(file, { followLinks: false });
    const kept = readKept(parseJson(bytes.toString('utf8')), wall);
    if (kept === null)
      warn(`${file} cannot be used: hosts are known when they are heard, or from what observers share`);
    return kept ?? nothing;
  } catch (error) {
    if (error instanceof SyntaxError) warn(`${file} is no JSON: hosts are known when they are heard`);
    else if (!isSystemError(error)) throw error;
    else if (error.code !== 'ENOENT') warn(`${file} cannot be read (${error.code})`);
    return nothing;
  }
};

/** @returns what was refused; `null`: it is written. */
export const writeKeptFile = (file: string, kept: Kept, wall: number): string | null =>
  writeStatusFile(file, `${formatKept(kept, wall)}\n`);

/** An incident that somebody has told and nobody has closed. */
export type OpenIncident = {
  readonly id: string;
  readonly problem: Problem;
  readonly by: string;
  readonly isSent: boolean;
  readonly since: number | undefined;
};

/** What the roster says of a host, without its bots: those of all hosts at once would be very many. */
type RosterNote = Pick<RosterEntry, 'life' | 'forgotten'> & { readonly sign: string };
export type Roster = ReadonlyMap<string, RosterNote>;

/** What observers share of incidents: those that are open, and who has acknowledged which. */
export type SharedIncidents = {
  readonly open: readonly OpenIncident[];
  readonly acks: ReadonlyMap<string, string>;
};

/** Reads which hosts there are. `learn` gets each of them. */
export const readRoster = async (
  shared: Shared,
  learn: (host: string, entry: RosterEntry) => void,
): Promise<Roster> => {
  const roster = new Map<string, RosterNote>();
  await shared.each('roster.>', (key, value) => {
    const entry = readRosterEntry(value);
    if (entry === null) return;
    const host = key.slice('roster.'.length);
    learn(host, entry);
    roster.set(host, { life: entry.life, forgotten: entry.forgotten, sign: signOf(entry) });
  });
  return roster;
};

export const readIncidents = async (shared: Shared): Promise<SharedIncidents> => {
  const told = await shared.all('told.>');
  const open = openIds([...told.keys()]).flatMap((id) => {
    const record = readTold(told.get(toldKey(id, 'open')));
    const problem = record === null ? null : readProblem(record.problem);
    return record === null || problem === null
      ? []
      : [{ id, problem, by: record.by, isSent: record.sent, since: record.since }];
  });
  return { open, acks: readAcks(await shared.all('ack.>')) };
};

/** Removes what has been over for a week: it grows for ever otherwise. What is open stays, and nothing is told again. */
export const removeOld = async (
  shared: Shared,
  wall: number,
  isMine: (about: string) => boolean,
): Promise<void> => {
  for (const id of closedIds(await shared.before('told.>', wall - keptMs))) {
    const [about = ''] = id.split('.');
    if (!isMine(about)) continue;
    await shared.remove(`told.${id}.>`);
    await shared.remove(ackKey(id));
  }
  for (const [key, value] of await shared.all('silence.>'))
    if (isMine(key.slice('silence.'.length)) && (silentUntil(value) ?? wall) < wall - keptMs)
      await shared.remove(key);
};

/** Writes what is new of the hosts that are this observer's to write. A bucket that was emptied is filled again. */
export const writeRoster = async (
  shared: Shared,
  table: HostTable,
  before: Roster,
  isMine: (host: string) => boolean,
): Promise<void> => {
  for (const [host, row] of table) {
    if (!isMine(host) || row.life === '') continue;
    const known = before.get(host);
    // Taken out of the fleet, and heard again since: it belongs to it again.
    const isBack = known?.forgotten === true && row.heardAt !== null && row.life !== known.life;
    const isOther = known?.sign !== signOf({ ...row, bots: [...row.bots.values()] });
    if (known === undefined || isBack || (known.forgotten !== true && isOther))
      await shared.put(`roster.${host}`, rosterEntryOf(row));
  }
};
