import { incidentIdOf, orderResult, partsOfIncidentId, type Records } from '@sentinel/history';
import { readAlert } from '@sentinel/notify';
import { iso } from '../core/iso.ts';
import { formatIncident, formatLogItem } from '../core/journal-items.ts';
import type { IncidentDetail } from '../core/journal-schema.ts';
import { withoutFolders } from '../core/reason.ts';

/** As many of each are told; more would hide the beginning. */
const most = { beatsBefore: 10, beats: 100, orders: 50, told: 100 } as const;
/** What was said and ordered shortly after the end belongs to it, in ms. */
const afterMs = 60_000;

const toldOf = (records: Records, id: string, startedAt: number): IncidentDetail['told'] =>
  records.alertsAbout(id, startedAt, most.told).map((row) => {
    const { line, card, notification } = readAlert(row);
    return {
      at: iso(row.at),
      kind: notification.kind,
      text: withoutFolders(line),
      output: card.output === undefined ? null : withoutFolders(card.output),
      deliveries: records.deliveriesOf(row.id).map(({ channel, result, finishedAt }) => ({
        channel,
        result,
        at: finishedAt === null ? null : iso(finishedAt),
      })),
    };
  });

/**
 * All that the journal knows of one incident; `null`: it knows none of this id.
 *
 * @param id as alerts and lists say it, which is the same in every journal.
 */
export const incidentDetailOf = (
  records: Records,
  id: string,
  now: number,
): Omit<IncidentDetail, 'warnings'> | null => {
  const parts = partsOfIncidentId(id);
  if (parts === null) return null;
  const { bot, startedAt } = parts;
  const [row] = records.incidents({ bot, since: startedAt, until: startedAt + 1, limit: 1 });
  if (row === undefined || incidentIdOf(row) !== id) return null;
  const until = row.endedAt === null ? undefined : row.endedAt + afterMs;
  const during = records.beats({ bot, since: startedAt, until, limit: most.beats });
  const before = records.beats({ bot, until: startedAt, limit: most.beatsBefore });
  const orders = records.ordersOf({ bot, since: startedAt, until, limit: most.orders });
  return {
    ...formatIncident(row, now),
    beats: [...during, ...before].map(formatLogItem),
    orders: orders.map((order) => {
      const { at, kind, by } = order;
      return { at: iso(at), kind, by, result: orderResult(records, order, now) };
    }),
    told: toldOf(records, id, startedAt),
  };
};
