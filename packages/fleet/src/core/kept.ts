import { stableHash } from '@sentinel/notify';
import * as z from 'zod';
import { type Incident, type Incidents, remindersBy } from './incidents.ts';
import { botSchema, readBy, text as textOf } from './message.ts';
import type { Problem } from './problems.ts';
import { type HostRow, type HostTable, rowFromBefore } from './table.ts';

// What outlives an observer: in its own file, and in what observers share.

const text = textOf(2000);
const texts = z.array(text).max(10_000);
const known = { key: text, id: text };

const problemSchema = z.discriminatedUnion('kind', [
  z.object({
    ...known,
    kind: z.literal('deaf'),
    why: z.enum(['no-server', 'few-servers', 'late']),
    lost: texts,
  }),
  z.object({ ...known, kind: z.literal('many'), silent: texts }),
  z.object({
    ...{ ...known, kind: z.literal('host-down'), host: text, silentMs: z.number() },
    bots: z.array(z.unknown()).transform((): readonly [] => []),
  }),
  z.object({ ...known, kind: z.literal('host-garbled'), host: text, why: text }),
  z.object({ ...known, kind: z.literal('host-twice'), host: text }),
  z.object({ ...known, kind: z.literal('bot-twice'), bot: text, hosts: texts }),
]);

/** A problem that was kept as JSON, without its bots; `null`: it is none. */
export const readProblem: (given: unknown) => Problem | null = readBy(problemSchema);

const rosterSchema = z.object({
  boot: text,
  life: text,
  n: z.number(),
  whole: z.number(),
  bots: z.array(botSchema),
  /** A person has taken the host out of the fleet. */
  forgotten: z.boolean().optional(),
});

export type RosterEntry = z.output<typeof rosterSchema>;

/** The entry of a host; `null`: it cannot be read. */
export const readRosterEntry = readBy(rosterSchema);

export const rosterEntryOf = ({ boot, life, n, whole, bots }: HostRow): RosterEntry => ({
  ...{ boot, life, n, whole },
  bots: [...bots.values()].map(({ beatAt: _, beatsSince: __, ...bot }) => bot),
});

/** The same for the same host with the same bots: there is nothing new to keep for all. */
export const signOf = ({ boot, life, bots }: Pick<RosterEntry, 'boot' | 'life' | 'bots'>): string =>
  stableHash(JSON.stringify([boot, life, bots.map(({ name }) => name).sort()]));

export const rowOfRoster = ({ bots, ...host }: RosterEntry): HostRow => rowFromBefore(host, bots);

const fileSchema = z.object({
  v: z.literal(1),
  /** When it was written, in ms since the epoch. */
  at: z.number().optional(),
  hosts: z.record(z.string(), rosterSchema),
  incidents: z.array(
    z.object({
      ...{ id: text, problem: z.unknown(), telling: z.enum(['here', 'elsewhere']) },
      ...{ since: z.number().optional(), ackedBy: text.nullish() },
    }),
  ),
});

const contentOf = readBy(fileSchema);

/** What an observer knows when it starts: hosts, and what people were told of them. */
export type Kept = {
  readonly table: HostTable;
  readonly incidents: Incidents;
};

export const formatKept = ({ table, incidents }: Kept, wall: number): string => {
  // Host by host, as in `formatFleetView`.
  const hosts = [...table].map(
    ([host, row]) => `${JSON.stringify(host)}:${JSON.stringify(rosterEntryOf(row))}`,
  );
  const rest = JSON.stringify({
    v: 1,
    at: wall,
    incidents: [...incidents.values()].flatMap(({ id, problem, telling, since, ackedBy }) =>
      telling === 'here' || telling === 'elsewhere' ? [{ id, problem, telling, since, ackedBy }] : [],
    ),
  });
  return `${rest.slice(0, -1)},"hosts":{${hosts.join(',')}}}`;
};

/**
 * An incident that was told before this observer ran, or that another one has told. No reminder is made up for.
 *
 * @param wall in ms since the epoch; an incident of an earlier version does not say when it began.
 */
export const toldBefore = (
  {
    id,
    problem,
    since,
    ackedBy,
  }: Pick<Incident, 'id' | 'problem'> & Partial<Pick<Incident, 'since' | 'ackedBy'>>,
  telling: 'here' | 'elsewhere',
  at: number,
  wall: number,
): Incident => {
  const began = Math.min(since ?? wall, wall);
  return {
    ...{ id, problem, telling, at, closing: null, since: began, ackedBy: ackedBy ?? null },
    reminded: remindersBy(wall - began),
  };
};

const dayMs = 86_400_000;
/** So long observers share what is over, in ms. What is open stays. */
export const keptMs = 7 * dayMs;

/** `null`: the text cannot be used. */
export const readKept = (given: unknown, wall: number): Kept | null => {
  const file = contentOf(given);
  if (file === null) return null;
  // What ended since is not known to anybody any more: it would be told as if it ended now.
  const isOld = wall - (file.at ?? wall) > keptMs - dayMs;
  const incidents = (isOld ? [] : file.incidents).flatMap(
    ({ problem, telling, since = wall, ackedBy = null, id }) => {
      const found = readProblem(problem);
      if (found === null) return [];
      const told = { id, problem: found, since, ackedBy };
      return [[found.key, toldBefore(told, telling, Number.POSITIVE_INFINITY, wall)] as const];
    },
  );
  return {
    table: new Map(Object.entries(file.hosts).map(([host, entry]) => [host, rowOfRoster(entry)])),
    incidents: new Map(incidents),
  };
};
