import type { Fault, Order } from '../faults/fault.ts';

/** After these what a monitor has written may be lost. */
export const journalFaults: readonly Fault['kind'][] = [
  'journal-removed',
  'journal-damaged',
  'journal-log-removed',
  'journal-is-folder',
];
/** What is decided is on the disk at the end of the turn; a try that failed is repeated after so long, in ms. */
export const writtenMs = 3000;

/** A monitor that ends is away for no longer, in ms. */
const longestAwayMs = 205_000;

/** As long as these last nothing can be written. */
export const journalBlocks: readonly Fault['kind'][] = ['journal-locked', 'journal-disk'];
/** Nobody sees these before the file is opened again: what is written until then is lost with it. */
const lateFaults: readonly Fault['kind'][] = ['journal-damaged', 'journal-log-removed'];

/** What has befallen the world at large, and when it was over: what nobody could know in that time is not held against anybody. */
export const createUpheavals = (now: () => number, isSpoilt: () => boolean) => {
  const seen: { readonly fault: Fault; readonly from: number; readonly until: number }[] = [];
  const monitorEnds: number[] = [];
  let [mended, healed] = [0, 0];
  const spoilt: { readonly from: number; until: number }[] = [];
  const latestOf = (those: typeof seen) => Math.max(0, ...those.map(({ until }) => until));
  const since = (at: number, ...kinds: readonly Fault['kind'][]): boolean =>
    seen.some(({ fault, until }) => kinds.includes(fault.kind) && until >= at);
  const endedSince = (at: number) => monitorEnds.some((each) => each >= at);
  const forgottenSince = (at: number): boolean =>
    monitorEnds.some((each) => each >= at && each <= at + writtenMs) ||
    (endedSince(at) &&
      (since(at - writtenMs, ...journalBlocks, ...journalFaults) || spoiltSince(at - writtenMs)));
  const spoiltSince = (at: number): boolean => spoilt.some(({ until }) => until >= at);
  return {
    note: (fault: Fault) => {
      const ms = 'ms' in fault ? fault.ms : 'awayMs' in fault ? fault.awayMs : 0;
      seen.push({ fault, from: now(), until: now() + ms });
      if (lateFaults.includes(fault.kind)) spoilt.push({ from: now(), until: Number.POSITIVE_INFINITY });
    },
    /** Asked after every step. */
    look: () => {
      const open = spoilt.filter(({ until }) => until === Number.POSITIVE_INFINITY);
      if (open.length > 0 && !isSpoilt()) for (const each of open) each.until = now();
    },
    /** What was written then or later may be lost in a journal that was spoilt, as nobody had noticed yet. */
    spoiltSince,
    /** All that others can mend is mended. */
    noteMended: () => {
      mended = now();
    },
    mendedAt: () => mended,
    /** A person has looked after it. */
    noteHealed: () => {
      healed = now();
    },
    healedAt: () => healed,
    noteEnd: () => void monitorEnds.push(now()),
    /** One of these kinds was in force since then. */
    since,
    /** What was decided then by a monitor that died before it was written, or kept in a journal that was lost. */
    forgottenSince,
    /** The same of what version 0.1.0 does not know either: halts, stops, acknowledgements and rungs. */
    unknownSince: (at: number): boolean => forgottenSince(at) || since(at, 'earlier-version'),
    /** What is dated before clocks were set is out of its place from then on: version 0.1.0 does not know by how much they were. */
    clocksForgottenSince: (at: number): boolean =>
      since(at, 'earlier-version') && since(0, 'clock-set', 'machine-sleeps'),
    /** The same of one bot. */
    ofBotSince: (bot: number, at: number, ...kinds: readonly Fault['kind'][]): boolean =>
      seen.some(
        ({ fault, until }) =>
          kinds.includes(fault.kind) && 'bot' in fault && fault.bot === bot && until >= at,
      ),
    /** A person gave one of these orders since then. */
    orderedSince: (at: number, ...orders: readonly Order[]): boolean =>
      seen.some(({ fault, from }) => fault.kind === 'ordered' && orders.includes(fault.order) && from >= at),
    /** When a person gave one of these orders for this bot last; `null`: never. */
    orderedAt: (bot: number, ...orders: readonly Order[]): number | null =>
      seen.findLast(
        ({ fault }) => fault.kind === 'ordered' && fault.bot === bot && orders.includes(fault.order),
      )?.from ?? null,
    /** When the last of these was over. */
    latest: (...kinds: readonly Fault['kind'][]): number =>
      latestOf(seen.filter(({ fault }) => kinds.includes(fault.kind))),
    latestOfBot: (bot: number, ...kinds: readonly Fault['kind'][]): number =>
      latestOf(seen.filter(({ fault }) => kinds.includes(fault.kind) && 'bot' in fault && fault.bot === bot)),
    /** When a monitor ended last. */
    monitorEndedAt: (): number | null => monitorEnds.at(-1) ?? null,
    /** A monitor has ended since then. */
    monitorEndedSince: endedSince,
    /** A monitor was there, and has written down what it saw. */
    watchedAt: (at: number): boolean =>
      !monitorEnds.some((each) => each >= at - longestAwayMs && each <= at + writtenMs),
    /** The monitor and its journal were both lost since then, one after the other. */
    lostBothSince: (at: number): boolean => endedSince(at) && since(at, ...journalFaults),
  };
};
export type Upheavals = ReturnType<typeof createUpheavals>;
