import type { IncidentItem } from '../core/journal-schema.ts';
import { every } from './every.ts';
import type { Journal } from './journal.ts';
import type { StreamHub } from './stream-hub.ts';

const betweenLooksMs = 1000;
/** An older incident than the last few does not change any more. */
const watchedIncidents = 20;

/** What makes an incident another one; its length grows by itself. */
const facts = ({ duration_seconds, ...rest }: IncidentItem) => JSON.stringify(rest);

/** Tells the streams of incidents that opened, closed or got a note since the last look. */
export const publishIncidents = (journal: Journal, hub: StreamHub) => {
  const look = () => journal.incidents({ limit: watchedIncidents }).items;
  const toMap = (incidents: readonly IncidentItem[]) =>
    new Map(incidents.map((each) => [each.id, facts(each)]));
  let known = toMap(look());
  return every(betweenLooksMs, () => {
    const incidents = look();
    // A journal that cannot be read right now has not lost its incidents.
    if (incidents.length === 0) return;
    const now = toMap(incidents);
    const changed = incidents.filter(({ id }) => known.get(id) !== now.get(id));
    for (const incident of changed.toReversed())
      hub.publish(incident.bot, [{ event: 'incident', data: incident }]);
    known = now;
  });
};
