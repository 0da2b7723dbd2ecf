import { compareStates, isHealthState } from '@sentinel/heartbeat-core';
import { z } from 'zod';
import { oneLine } from './commands.ts';
import { flagOf, instant, instantOrNull, listOf, numberOf, numberOrNull, textOrNull } from './fields.ts';

const silent = numberOrNull('Since its last message; null: none came.');
const botFacts = z.object({
  name: z.string(),
  state: z.string(),
  age_seconds: numberOrNull('Of its last beat; null: there is none.'),
  exposure: textOrNull('What is at stake, in one line; null: nothing, or not said.'),
  reason: textOrNull('Why it is not healthy.'),
});

const host = z.object({
  host: z.string(),
  state: z.enum(['up', 'down', 'unknown']),
  reason: textOrNull('Why it is not known: deaf, garbled, waiting, many or old.'),
  silent_seconds: silent,
  version: textOrNull('Of its agent.'),
});

const incident = z
  .object({
    id: z.string(),
    kind: z.string(),
    title: z.string(),
    since: instant,
    told: flagOf('People were told of it, by this observer or by another one.'),
    over: flagOf('It has ended, and that is about to be told.'),
    acknowledged_by: z.string().nullable(),
  })
  .meta({ id: 'FleetIncident' });

const ears = {
  hears: flagOf('False: the observer is deaf, and judges no host.'),
  deaf: z.object({ reason: z.string(), servers_lost: z.array(z.string()) }).nullable(),
  observers: listOf('Observers that were heard a moment ago.'),
};

/** What the observer of this machine writes down. */
export const fleetTable = z.object({
  ...{ v: z.literal(1), observer: z.string(), as_of: instant, ...ears },
  hosts: z.array(host.extend({ bots: z.array(botFacts).nullable() })),
  incidents: z.array(incident),
});
export type FleetTable = z.infer<typeof fleetTable>;

/** How the hosts of a fleet are, as the observer here sees them. */
export const fleetTableAnswer = z
  .object({
    observer: textOrNull('null: no observer has run here.'),
    as_of: instantOrNull('When the observer wrote it.'),
    current: flagOf('False: it has written nothing for a while, and nothing is known now.'),
    takes_orders: flagOf('True: incidents can be acknowledged here, with the token for orders.'),
    ...ears,
    counts: z.object({ up: z.number(), down: z.number(), unknown: z.number(), bots: z.number() }),
    hosts: z.array(
      host.extend({
        bots: z
          .record(z.string(), z.number())
          .nullable()
          .describe('How many bots are in which state; null: no list of them has come.'),
      }),
    ),
    incidents: z.array(incident),
    bots: z.array(botFacts.extend({ host: z.string() })).describe('Those that were asked for, worst first.'),
    bots_left_out: numberOf('So many more match.'),
  })
  .meta({ id: 'FleetTable' });
export const fleetAck = z.object({
  incident: z.string().min(1).max(200).describe('Its id, as the alert and `GET /api/fleet` have it.'),
  by: oneLine.max(100).optional().describe('Who asks, for everybody who sees the fleet.'),
});
export const fleetAcked = z.object({ acknowledged: z.literal(true) }).meta({ id: 'FleetAcknowledged' });

type FleetTableAnswer = z.infer<typeof fleetTableAnswer>;

export const fleetQuery = z.object({
  host: z.string().min(1).max(63).optional().describe('All bots of this host.'),
  state: z
    .string()
    .min(1)
    .max(20)
    .optional()
    .describe('Bots in this state. Default: those that are not healthy.'),
  search: z.string().min(1).max(100).optional().describe('Hosts and bots whose name has this in it.'),
  limit: z.coerce.number().int().min(1).max(5000).default(200).describe('So many bots at most.'),
});
type FleetQuery = z.infer<typeof fleetQuery>;

/** An observer writes every two seconds, and more rarely with very many bots; in ms. */
const currentMs = 45_000;

const nothing: FleetTableAnswer = {
  ...{ observer: null, as_of: null, current: false, takes_orders: false },
  ...{ hears: false, deaf: null, observers: [] },
  ...{
    counts: { up: 0, down: 0, unknown: 0, bots: 0 },
    hosts: [],
    incidents: [],
    bots: [],
    bots_left_out: 0,
  },
};

const countsOf = (bots: FleetTable['hosts'][number]['bots']) => {
  if (bots === null) return null;
  const counts: Record<string, number> = {};
  for (const { state } of bots) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

const stateOf = (state: string) => (isHealthState(state) ? state : 'unknown');

/** What was asked for. Of an observer that does not go on nothing is known now. */
export const fleetTableOf = (
  table: FleetTable | null,
  query: FleetQuery,
  now: number,
  takesOrders = false,
): FleetTableAnswer => {
  if (table === null) return nothing;
  const sinceMs = now - Date.parse(table.as_of);
  const current = Math.abs(sinceMs) < currentMs;
  const laterBy = Math.max(0, sinceMs) / 1000;
  const later = (seconds: number | null) =>
    seconds === null ? null : Math.round((seconds + laterBy) * 10) / 10;
  const { search = '' } = query;
  const has = (name: string) => name.toLowerCase().includes(search.toLowerCase());
  const hosts = table.hosts.map((one) => ({
    ...one,
    ...(current ? {} : { state: 'unknown' as const, reason: 'old' }),
    silent_seconds: later(one.silent_seconds),
  }));
  const isAsked = ({ state }: { readonly state: string }) =>
    query.state === undefined ? query.host !== undefined || state !== 'healthy' : state === query.state;
  const found = hosts
    .filter(({ host: name }) => query.host === undefined || name === query.host)
    .flatMap(({ host: name, bots }) =>
      (bots ?? [])
        .filter((bot) => isAsked(bot) && (has(name) || has(bot.name)))
        .map((bot) => ({ ...bot, host: name, age_seconds: later(bot.age_seconds) })),
    )
    .sort((one, other) => compareStates(stateOf(one.state), stateOf(other.state)));
  const count = (state: string) => hosts.filter((one) => one.state === state).length;
  const { observer, as_of, hears, deaf, observers, incidents } = table;
  return {
    ...{ observer, as_of, current, deaf, observers, incidents, hears: hears && current },
    takes_orders: takesOrders,
    counts: {
      ...{ up: count('up'), down: count('down'), unknown: count('unknown') },
      bots: hosts.reduce((sum, { bots }) => sum + (bots?.length ?? 0), 0),
    },
    hosts: hosts
      .filter(({ host: name, bots }) => has(name) || bots?.some((bot) => has(bot.name)) === true)
      .map((one) => ({ ...one, bots: countsOf(one.bots) })),
    bots: found.slice(0, query.limit),
    bots_left_out: Math.max(0, found.length - query.limit),
  };
};
