import { jsonIn } from '@sentinel/heartbeat-core';
import * as z from 'zod';
import type { TellEvent } from './incidents.ts';

/** What an observer says of itself once a second: that it is there, and what it has told. */
export type Presence = {
  /** Incidents that are open and that it has told, by what they are about. */
  readonly open: Readonly<Record<string, string>>;
  /** Ids of those whose end it has told lately. */
  readonly closed: readonly string[];
};

const mostIncidents = 2000;
const text = z.string().max(300);
const presenceSchema = z.object({
  v: z.literal(1),
  open: z.record(text, text).catch({}),
  closed: z.array(text).max(mostIncidents).catch([]),
});

const silent: Presence = { open: {}, closed: [] };

/** Whatever it says, an observer that says something is there. */
export const readPresence = (bytes: Uint8Array): Presence => {
  const read = presenceSchema.safeParse(jsonIn(new TextDecoder().decode(bytes)));
  return read.success ? read.data : silent;
};

export const formatPresence = ({ open, closed }: Presence): string =>
  JSON.stringify({
    v: 1,
    open: Object.fromEntries(Object.entries(open).slice(0, mostIncidents)),
    closed: closed.slice(-mostIncidents),
  });

/** The id under which one of them has told this; `undefined`: none of them says so. */
export const toldByOthers = (
  others: Iterable<Presence>,
  event: TellEvent,
  { key, id }: { readonly key: string; readonly id: string },
): string | undefined => {
  for (const { open, closed } of others) {
    if (event === 'open' && Object.hasOwn(open, key)) return open[key];
    if (event === 'closed' && closed.includes(id)) return id;
  }
  return undefined;
};
