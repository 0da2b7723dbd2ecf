import type { Records } from '@sentinel/history';
import { ofFile } from './files-before.ts';
import type { Parts } from './parts.ts';

/** The names under which each file was watched, the last one first. */
export type NamesOfFiles = ReadonlyMap<string, readonly string[]>;

export const namesOfFiles = (records: Records): NamesOfFiles => {
  const known = records
    .watchedBots()
    .map((name) => ({ name, seenAt: records.supervision(name)?.seenAt ?? 0 }))
    .sort((a, b) => b.seenAt - a.seenAt);
  const names = new Map<string, string[]>();
  for (const { name } of known) {
    const file = records.getState(`file:${name}`);
    if (typeof file === 'string') names.set(file, [...(names.get(file) ?? []), name]);
  }
  return names;
};

/** The name under which this file was watched last; `null`: under none that the journal still knows. */
export const nameBefore = (names: NamesOfFiles, bot: string, file: string): string | null =>
  names.get(file)?.find((name) => name !== bot) ?? null;

/**
 * A bot has another name, and its file is the same: budget, incident, pause and processes are of the file, so they go on
 * under the new name. Gives what the monitor before has left.
 */
export const takeOver = (
  { store, newest, wall }: Parts,
  records: Records,
  bot: string,
  file: string,
  from: string,
): unknown => {
  const values = ofFile.map(
    (kind) => [kind, newest.value(from, kind) ?? records.getState(`${kind}:${from}`) ?? null] as const,
  );
  newest.forget(from);
  newest.rename(records, from, bot);
  for (const [kind, value] of [...values, ['file', file] as const]) newest.keep(bot, kind, value);
  store.write((later) => {
    for (const [kind, value] of values) {
      later.setState(`${kind}:${bot}`, value);
      later.setState(`${kind}:${from}`, null);
    }
    later.setState(`file:${bot}`, file);
    later.setState(`file:${from}`, null);
    const incident = later.currentIncident(from);
    if (incident !== null) later.moveIncident(incident, bot);
    later.letGo(from, wall());
  });
  return newest.value(bot, 'monitor') ?? undefined;
};
