import { inWords, oneLine } from '@sentinel/heartbeat-core';
import { type IncidentRow, incidentIdOf, orderResult, type Records, withRecords } from '@sentinel/history';
import type { Outcome } from './check-text.ts';

const stamp = (at: number) => new Date(at).toISOString();

type Order = ReturnType<Records['ordersOf']>[number];
type Span = Pick<IncidentRow, 'bot' | 'startedAt' | 'endedAt'>;

const isIn = ({ bot, at }: Order, { bot: ill, startedAt, endedAt }: Span): boolean =>
  bot === ill && at >= startedAt && (endedAt === null || at <= endedAt);

const orderLine = ({ at, bot, kind, by, result }: Order, named: boolean): string =>
  `${stamp(at)} ${oneLine(`${named ? `${bot} ` : ''}${kind} ordered by ${by}: ${result ?? 'no monitor has taken it'}`)}`;

/** How long the bot was not well. The end names that where it was told: once is enough. */
const lengthOf = ({ illSince, endedAt, notes }: IncidentRow): string => {
  if (endedAt === null) return ' (goes on)';
  return notes.some(({ kind }) => kind === 'recovered') ? '' : ` (${inWords(endedAt - illSince)})`;
};

const linesOf = (incident: IncidentRow, orders: readonly Order[]): readonly string[] => {
  const { bot, startedAt, state, reason, notes } = incident;
  const inside = [
    ...notes.map(({ at, text }) => ({ at, line: `  ${stamp(at)} ${oneLine(text)}` })),
    ...orders
      .filter((order) => isIn(order, incident))
      .map((order) => ({ at: order.at, line: `  ${orderLine(order, false)}` })),
  ].sort((a, b) => a.at - b.at);
  return [
    `${stamp(startedAt)} ${oneLine(`${bot} ${state}: ${reason}`)}${lengthOf(incident)}`,
    ...inside.map(({ line }) => line),
  ];
};

/**
 * The incidents of bots with what was done and ordered in each, and the orders between them, newest first. Of a journal that cannot be read nothing is known, which is
 * not the same as no incident.
 */
export const history = (database: string, bots: readonly string[], limit: number): Outcome => {
  const answer = withRecords(database, (records) => {
    const incidents = bots
      .flatMap((bot) => records.incidents({ bot, limit }))
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, limit);
    const since = incidents.at(-1)?.startedAt;
    const orders = bots.flatMap((bot) => records.ordersOf({ bot, since, limit }));
    const now = Date.now();
    return {
      incidents,
      orders: orders.map((order) => ({ ...order, result: orderResult(records, order, now) })),
    };
  });
  if (answer.kind === 'none')
    return {
      code: 1,
      line: `There is no journal at ${database}: a monitor with the same SENTINEL_DB creates it`,
    };
  if (answer.kind === 'unknown')
    return {
      code: 3,
      line: `The journal ${database} cannot be read (${answer.reason}): its incidents are not known`,
    };
  const { incidents, orders } = answer.value;
  const entries = [
    ...incidents.map((incident) => ({ at: incident.startedAt, lines: linesOf(incident, orders) })),
    ...orders
      .filter((order) => !incidents.some((incident) => isIn(order, incident)))
      .map((order) => ({ at: order.at, lines: [orderLine(order, true)] })),
  ].sort((a, b) => b.at - a.at);
  const lines = entries.flatMap((entry) => entry.lines);
  const nothing = `${bots.join(', ')}: no incident was recorded in ${database}`;
  return {
    code: 0,
    line: lines.length === 0 ? nothing : lines.join('\n'),
    json: incidents.map(({ id, bot, startedAt, illSince, endedAt, state, reason, notes }) => ({
      id,
      incident: incidentIdOf({ bot, startedAt }),
      bot,
      started_at: stamp(startedAt),
      ill_since: stamp(illSince),
      ended_at: endedAt === null ? null : stamp(endedAt),
      state,
      reason,
      actions: notes.map(({ at, kind, text }) => ({ at: stamp(at), kind, text })),
      orders: orders
        .filter((order) => isIn(order, { bot, startedAt, endedAt }))
        .map(({ at, kind, by, result }) => ({ at: stamp(at), kind, by, result })),
    })),
  };
};
