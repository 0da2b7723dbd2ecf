import type { Notification } from '@sentinel/notify';
import type { Slot, Witness, World } from '../world/world.ts';
import { isStopTold, turnOf } from './turn.ts';
import type { Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/** What a person has ordered: from when to when it holds. */
type Held = { readonly from: number; readonly until: number };

/** What was begun in that moment may be done, in ms. */
const begunMs = 100;
/** An order is refused that nobody takes in such a time, in ms. */
const takenMs = 62_000;

/** 3 and 4: who has an incident is not reminded of it, each rung is climbed once, and a bot that a person has halted or stopped is left alone. */
export const asOrdered = ({ time, bots }: World, upheavals: Upheavals, violate: Violate): Witness => {
  const halts = new Map<Slot, Held>();
  const stops = new Map<Slot, Held>();
  const acks = new Map<Slot, Held>();
  const climbed = new Map<Slot, Map<string, number>>();
  const heldFor = (forMs: number | null): Held => ({
    from: time.mono(),
    until: time.mono() + (forMs ?? Number.POSITIVE_INFINITY),
  });
  /** Clocks that were set move what the next monitor goes by. */
  const holds = (held: Held | undefined): boolean =>
    held !== undefined &&
    time.mono() > held.from + begunMs &&
    time.mono() < held.until - begunMs &&
    !upheavals.unknownSince(held.from) &&
    !(upheavals.since(held.from, 'clock-set', 'machine-sleeps') && upheavals.monitorEndedSince(held.from));
  const notHeld = (slot: Slot, what: string) => {
    if (holds(halts.get(slot))) violate(4, `${what} though a person has halted ${slot.setup.name}`);
    const stop = stops.get(slot);
    const orderedAt = upheavals.orderedAt(bots.indexOf(slot), 'stop', 'start') ?? 0;
    // One that was given before the bot was gone may have been taken behind it.
    if (stop !== undefined && holds(stop) && orderedAt < stop.from - takenMs)
      violate(4, `${what} though a person has stopped ${slot.setup.name}`);
  };
  const climbs = (slot: Slot, { to = 'command' }: Notification & { readonly kind: 'escalated' }) => {
    const before = climbed.get(slot) ?? new Map<string, number>();
    const at = before.get(to);
    if (at !== undefined && !upheavals.unknownSince(at))
      violate(3, `the rung ${to} of ${slot.setup.name} is climbed twice in one incident`);
    climbed.set(slot, before.set(to, time.mono()));
  };
  return {
    commandRuns: (slot) => notHeld(slot, 'the restart command is run'),
    signalled: (slot, run, signal) => {
      // An order to stop it ends a bot that is halted, too.
      const isToStop = run.beganAt < (upheavals.orderedAt(bots.indexOf(slot), 'stop') ?? 0);
      if (!isToStop) notHeld(slot, `${signal} is sent`);
    },
    told: (slot, told) => {
      if (slot === null) return;
      if (isStopTold(told)) stops.set(slot, heldFor(null));
      if (told.kind === 'halted') halts.set(slot, heldFor(told.forMs));
      if (told.kind === 'unhalted') halts.delete(slot);
      if (told.kind === 'acknowledged' || told.kind === 'snoozed') acks.set(slot, heldFor(told.forMs));
      if (told.kind === 'escalated') climbs(slot, told);
      if ((told.kind === 'reminder' || told.kind === 'escalated') && holds(acks.get(slot)))
        violate(3, `${told.kind} is told of ${slot.setup.name}, and somebody has it`);
      if (turnOf(told) === null) return;
      acks.delete(slot);
      climbed.delete(slot);
    },
  };
};
