import type { ListQuery, OrderOutcome, Parting, SelfTestOutcome } from '@sentinel/history';
import type { ChannelState } from '../core/channels.ts';
import type { CommandKind } from '../core/commands.ts';
import type { OwnReport } from '../core/fleet-answer.ts';
import type { IncidentDetail, IncidentItem, LogItem } from '../core/journal-schema.ts';
import type { Counts } from '../core/metric-table.ts';
import type { Segment } from '../core/segments.ts';
import { type Supervised, unsupervised } from '../core/supervision.ts';
import type { DayShare } from '../core/uptime-answer.ts';
import { daysOf, type Span } from '../core/window.ts';

/** Newest first; `next` is the id before which the next page goes on. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: number | null };

type GivenCommand = {
  readonly kind: CommandKind;
  readonly bot: string;
  readonly by: string;
  readonly args: Readonly<Record<string, unknown>>;
};

/**
 * The monitor's journal as the API needs it. Nothing here throws: what cannot be read is empty, and `warnings`
 * says so.
 */
export type JournalReader = {
  readonly supervision: (bot: string) => Supervised;
  /** Why answers from the journal are incomplete. */
  readonly warnings: () => readonly string[];
  /** The same, but only what somebody has to look at: a journal that is not there yet is no fault. */
  readonly faults: () => readonly string[];
  readonly log: (query: ListQuery) => Page<LogItem>;
  readonly incidents: (query: ListQuery) => Page<IncidentItem>;
  /** All of one incident, by its id for good; `null`: there is none of it. */
  readonly incident: (id: string) => Omit<IncidentDetail, 'warnings'> | null;
  readonly uptime: (bot: string, span: Span) => readonly DayShare[];
  readonly segments: (bot: string, span: Span, parting: Parting | null) => readonly Segment[];
  /** Where the monitor sends its alerts, as it last knew them. */
  readonly channels: () => readonly ChannelState[];
  /** What came of the last self-test of the channels; `null`: none is known of. */
  readonly selfTest: () => SelfTestOutcome | null;
  /** Why the monitor cannot leave its last will; `null`: it can, or has none. */
  readonly willTrouble: () => string | null;
  readonly counts: () => Counts;
  /** What the monitor says to those of other hosts; `null`: it has no peers. */
  readonly report: () => OwnReport | null;
  /** Writes an order down for the monitor. `null` when the journal cannot be written. */
  readonly order: (order: GivenCommand) => Promise<number | null>;
  /** What has come of an order; `null`: the journal has none of this number, or cannot be read. */
  readonly outcome: (id: number) => OrderOutcome | null;
  readonly close: () => void;
};

/** Without a journal answers come from the status files alone. */
export const noJournal: JournalReader = {
  supervision: () => unsupervised,
  warnings: () => [],
  faults: () => [],
  log: () => ({ items: [], next: null }),
  incidents: () => ({ items: [], next: null }),
  incident: () => null,
  uptime: (_bot, span) =>
    daysOf(span).map(({ date, from, to }) => ({ date, upMs: 0, downMs: 0, unknownMs: to - from })),
  segments: (_bot, { from, to }) => [{ from, to, state: 'unwatched' }],
  channels: () => [],
  selfTest: () => null,
  willTrouble: () => null,
  counts: () => ({
    ...{ failedChecks: [], restarts: [], incidents: [], notifications: [] },
    ...{ timesToAck: [], timesToNotify: [] },
  }),
  report: () => null,
  order: async () => null,
  outcome: () => null,
  close: () => {},
};
