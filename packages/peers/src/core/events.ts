import type { PeerNotification } from '@sentinel/notify';
import type { PeerPolicy } from './policy.ts';
import type { PeerEvent } from './state.ts';
import { decideTelling, type Observer } from './telling.ts';

/** What has been told is shown to the others for so long, in ms: they may ask late. */
const keptMs = 60 * 60_000;
const mostKept = 200;

/** Who has told people of it, as far as is known here; `null`: nobody. */
const tellerOf = ({ told }: PeerEvent, me: string): string | null =>
  told === null ? null : told === 'raised' || told === 'sent' ? me : told.by;

/** Who has told people of an incident; `null`: nobody. */
export const tellerOfIncident = (
  events: readonly PeerEvent[],
  incident: string,
  me: string,
  observers: readonly Observer[],
): string | null =>
  events
    .filter(({ note }) => note.incident === incident)
    .map((event) => tellerOf(event, me))
    .findLast((teller) => teller !== null) ??
  observers.find(({ report }) => report?.told.some(({ event }) => event.startsWith(`${incident}/`)))?.name ??
  null;

/** The events once these are known to have reached people. */
export const afterSending = (
  events: readonly PeerEvent[],
  sent: readonly string[],
  wall: number,
): readonly PeerEvent[] =>
  events.map((event) =>
    event.told === 'raised' && sent.includes(event.id) ? { ...event, told: 'sent', at: wall } : event,
  );

export type Settled = {
  readonly events: readonly PeerEvent[];
  /** What this host is to tell people now. */
  readonly tell: readonly PeerNotification[];
};

type Facts = {
  readonly me: string;
  /** This host has channels. */
  readonly tells: boolean;
  readonly observers: readonly Observer[];
  /** Of those that this host has raised: what a channel has taken since. */
  readonly sent: readonly string[];
  /** What it says, as it is now; `null`: it is not so any more. */
  readonly asOfNow: (note: PeerNotification) => PeerNotification | null;
  /** Incidents that have not ended. */
  readonly open: ReadonlySet<string>;
  /** When this host began to hear, or began anew after it had stood still. */
  readonly since: number;
  readonly now: number;
  readonly wall: number;
};

/** Decides of each event that waits who tells it, and forgets what is old. */
export const settleEvents = (
  events: readonly PeerEvent[],
  { me, tells, observers, sent, asOfNow, open, since, now, wall }: Facts,
  policy: PeerPolicy,
): Settled => {
  const tell: PeerNotification[] = [];
  const settled = afterSending(events, sent, wall).map((event): PeerEvent => {
    const note = event.told === null ? asOfNow(event.note) : null;
    if (note === null) return event;
    const decision = decideTelling(
      { ...event, event: event.id, hearsSince: since },
      me,
      observers,
      now,
      policy,
    );
    if (decision.kind === 'told') return { ...event, told: { by: decision.by }, at: wall };
    // Without a channel it stays with the others, and in the log of this one.
    if (decision.kind === 'wait' || (!tells && observers.some(({ askable }) => askable))) return event;
    tell.push(note.kind === 'host-silent' && decision.mayDouble ? { ...note, mayDouble: true } : note);
    return { ...event, note, told: 'raised', at: wall };
  });
  return {
    events: settled
      .filter(({ told, at, note }) => told === null || wall - at < keptMs || open.has(note.incident ?? ''))
      .slice(-mostKept),
    tell,
  };
};
