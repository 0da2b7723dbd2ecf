/** The id of a streamed event: when it was sent (ms), and a number that tells apart what was sent within one ms. */
export type EventId = { readonly at: number; readonly n: number };

const shape = /^(\d{1,15})-(\d{1,9})$/;

export const formatEventId = ({ at, n }: EventId): string => `${at}-${n}`;

/** `null` for what is no id of ours: a `Last-Event-ID` is only what a client says. */
export const parseEventId = (text: string | undefined): EventId | null => {
  const match = shape.exec(text ?? '');
  return match === null ? null : { at: Number(match[1]), n: Number(match[2]) };
};

export const isAfter = (id: EventId, other: EventId): boolean =>
  id.at > other.at || (id.at === other.at && id.n > other.n);

/** The id of the next event; a clock that was set back does not take the ids back with it. */
export const nextEventId = (last: EventId, now: number): EventId =>
  now > last.at ? { at: now, n: 0 } : { at: last.at, n: last.n + 1 };
