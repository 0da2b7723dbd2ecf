import { partsOf } from '@sentinel/heartbeat-core';
import * as z from 'zod';
import type { Incident, TellEvent } from './incidents.ts';
import { readBy, text } from './message.ts';

/** What observers share of an incident that one of them has taken on. */
const toldSchema = z.object({
  by: text(2000),
  /** It was delivered. Until then another one takes it on when `by` is gone. */
  sent: z.boolean(),
  /** The problem as it was told, to tell its end; as JSON, which only an observer reads. */
  problem: z.record(z.string(), z.unknown()),
  /** When it began, in ms since the epoch. */
  since: z.number().optional(),
});

export type ToldRecord = z.output<typeof toldSchema>;

/** The record under a key; `null`: it cannot be read. */
export const readTold = readBy(toldSchema);

const events: readonly TellEvent[] = ['open', 'closed'];

export const toldKey = (id: string, event: TellEvent): string => `told.${id}.${event}`;

/** Under which a reminder is taken on: one observer sends it. */
export const reminderKey = ({ id, reminded }: Pick<Incident, 'id' | 'reminded'>): string =>
  `told.${id}.remind-${reminded}`;

/** Under which a person acknowledges an incident. */
export const ackKey = (id: string): string => `ack.${id}`;

const readAck = readBy(z.object({ by: text(2000) }));

export const readAcks = (entries: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> =>
  new Map(
    [...entries].flatMap(([key, value]) => {
      const ack = readAck(value);
      return ack === null ? [] : [[key.slice('ack.'.length), ack.by] as const];
    }),
  );

/**
 * Whether what was told is an earlier outage of the host: this observer has heard it since. The end of that one could not be shared.
 */
export const isEarlier = ({ since: toldAt }: ToldRecord, { problem, since }: Incident): boolean =>
  problem.kind === 'host-down' &&
  problem.unheardMs !== undefined &&
  toldAt !== undefined &&
  toldAt < since - problem.unheardMs;

/** The incident and the event of a key; `null`: it is another one. */
export const partsOfToldKey = (
  key: string,
): { readonly id: string; readonly about: string; readonly event: TellEvent } | null => {
  const [told, about, hash, last, ...more] = key.split('.');
  const event = events.find((one) => one === last);
  if (told !== 'told' || about === undefined || hash === undefined || event === undefined || more.length > 0)
    return null;
  return { id: `${about}.${hash}`, about, event };
};

/** The incidents whose end is among these keys. */
export const closedIds = (keys: readonly string[]): readonly string[] =>
  keys.flatMap((key) => {
    const parts = partsOfToldKey(key);
    return parts?.event === 'closed' ? [parts.id] : [];
  });

/** The incidents among the keys that were opened and not closed. */
export const openIds = (keys: readonly string[]): readonly string[] => {
  const parts = keys.map(partsOfToldKey).filter((one) => one !== null);
  const closed = new Set(parts.filter(({ event }) => event === 'closed').map(({ id }) => id));
  return parts.filter(({ id, event }) => event === 'open' && !closed.has(id)).map(({ id }) => id);
};

/** Until when people want to hear nothing of a host, in ms since the epoch; `null`: that is no silence. */
export const silentUntil = (given: unknown): number | null => {
  const { until } = partsOf(given);
  return typeof until === 'number' ? until : null;
};

export const isSilenced = (given: unknown, now: number): boolean => (silentUntil(given) ?? 0) > now;
