import type { Records } from '@sentinel/history';
import { ofFile } from './files-before.ts';
import type { Parts } from './parts.ts';

/** The name under which this file was watched last; `null`: under none that the journal still knows. */
export const nameBefore = (records: Records, bot: string, file: string): string | null => {
  const [last] = records
    .watchedBots()
    .filter((name) => name !== bot && records.getState(`file:${name}`) === file)
    .map((name) => ({ name, seenAt: records.supervision(name)?.seenAt ?? 0 }))
    .sort((a, b) => b.seenAt - a.seenAt);
  return last?.name ?? null;
};

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
