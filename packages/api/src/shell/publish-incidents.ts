import type { IncidentItem } from '../core/journal-schema.ts';
import { every } from './every.ts';
import type { JournalReader } from './journal.ts';
import type { StreamHub } from './stream-hub.ts';

const betweenLooksMs = 1000;
/** An older incident than the last few changes only while it is open. */
const watchedIncidents = 20;
/** The first look goes deeper: a bot may have been down since before others began to flap. */
const firstIncidents = 500;

/** What makes an incident another one; its length grows by itself. */
const facts = ({ duration_seconds, ...rest }: IncidentItem) => JSON.stringify(rest);

/** Tells the streams of incidents that opened, closed or got a note since the last look. */
export const publishIncidents = (journal: JournalReader, hub: StreamHub) => {
  const toMap = (incidents: readonly IncidentItem[]) =>
    new Map(incidents.map((each) => [each.id, facts(each)]));
  const openOf = (incidents: readonly IncidentItem[]) =>
    incidents.filter(({ ended_at }) => ended_at === null).map(({ id }) => id);
  const first = journal.incidents({ limit: firstIncidents }).items;
  let known = toMap(first);
  let open = openOf(first);

  const look = () => {
    const newest = journal.incidents({ limit: watchedIncidents }).items;
    const seen = new Set(newest.map(({ id }) => id));
    const older = open
      .filter((id) => !seen.has(id))
      .flatMap((id) =>
        // A journal that was begun anew may have another one in its place.
        journal.incidents({ before: Number(id) + 1, limit: 1 }).items.filter((each) => each.id === id),
      );
    return [...newest, ...older];
  };

  return every(betweenLooksMs, () => {
    const incidents = look();
    // A journal that cannot be read right now has not lost its incidents.
    if (incidents.length === 0 || journal.warnings().length > 0) return;
    const now = toMap(incidents);
    const changed = incidents.filter(({ id }) => known.get(id) !== now.get(id));
    for (const incident of changed.toReversed())
      hub.publish(incident.bot, [{ event: 'incident', data: incident }]);
    known = now;
    open = openOf(incidents);
  });
};
