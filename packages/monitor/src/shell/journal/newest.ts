import { randomUUID } from 'node:crypto';
import type { Records, Write } from '@sentinel/history';
import type { KeptState } from '../../core/kept-state.ts';
import { type Before, type LeftKind, type OpenIncident, openedIn } from './before.ts';

type Sight = 'beat' | 'stall';
type Bot = {
  /** What is written of it under `<kind>:<bot>`. */
  readonly values: Partial<Record<LeftKind, unknown>>;
  /** The incident that is open, as it was written when it began. */
  incident: OpenIncident | null;
  /** When this process last saw that none is; one that the file has open is over since then. */
  calmAt: number | null;
  /** Each writes what was seen last again. */
  readonly sights: Partial<Record<Sight, Write>>;
  readonly written: Written;
};

/** What was written last of a bot: the same need not be written again. */
type Written = {
  /** Until when the monitor before has watched it; `null`: not known. */
  watchedUntil?: number | null;
  beat?: { readonly key: string; readonly touchedAt: number };
  stall?: { readonly mark: string | null; readonly long: boolean; readonly touchedAt: number };
  /** As JSON. */
  supervision?: string;
};

const fillBot = (records: Records, bot: string, { values, incident, calmAt, sights, written }: Bot) => {
  for (const [kind, value] of Object.entries(values)) records.setState(`${kind}:${bot}`, value);
  if (written.supervision !== undefined) records.setSupervision(bot, JSON.parse(written.supervision));
  const since = (values.monitor as Partial<KeptState> | null | undefined)?.incidentSince;
  const open = records.currentIncident(bot);
  if (calmAt !== null && open !== null) records.closeIncident(open, calmAt);
  if (typeof since === 'number' && open === null)
    records.openIncident({
      bot,
      ...(incident ?? {
        at: since,
        illSince: since,
        state: 'unknown',
        reason: 'it began before this journal',
      }),
    });
  for (const write of Object.values(sights)) write(records);
};

/** Everything that the journal has to hold for the next start of a monitor, as this process knows it. */
export type Newest = ReturnType<typeof createNewest>;

/**
 * A file that was set aside as damaged, or was removed, is followed by an empty one: that gets all of it at once, and not bot
 * by bot with their next steps.
 */
export const createNewest = (monitor: string) => {
  const bots = new Map<string, Bot>();
  /** Stands in every file that this process has filled. */
  const mark = randomUUID();
  let aliveAt: number | null = null;

  const of = (bot: string): Bot => {
    const known = bots.get(bot) ?? {
      values: {},
      incident: null,
      calmAt: null,
      sights: {},
      written: {},
    };
    bots.set(bot, known);
    return known;
  };

  return {
    /** What is known of a bot; it is newer than a file that could not be written. */
    value: (bot: string, kind: LeftKind): unknown => bots.get(bot)?.values[kind],
    /** Takes in what stands in the file, before anything was written. */
    load: (bot: string, { values, incident, seenAt }: Before): unknown => {
      const known = of(bot);
      // Of a process that was seen meanwhile this monitor knows more.
      for (const [kind, value] of values)
        if (kind !== 'process' || !('process' in known.values)) known.values[kind] = value;
      known.incident = incident;
      known.written.watchedUntil = seenAt;
      return known.values.monitor;
    },
    keep: (bot: string, kind: LeftKind, value: unknown): void => {
      of(bot).values[kind] = value;
    },
    /** An incident keeps its beginning; `null`: there is none at this instant. */
    keepIncident: (bot: string, incident: OpenIncident | null, at: number): OpenIncident | null => {
      const known = of(bot);
      known.calmAt = incident === null ? at : null;
      known.incident = incident === null ? null : (known.incident ?? incident);
      return known.incident;
    },
    incident: (bot: string): OpenIncident | null => bots.get(bot)?.incident ?? null,
    keepSight: (bot: string, sight: Sight, write: Write): void => {
      of(bot).sights[sight] = write;
    },
    written: (bot: string): Written => of(bot).written,
    keepAlive: (at: number) => {
      aliveAt = at;
    },
    forget: (bot: string) => void bots.delete(bot),
    /** An incident that is open under one name is so under the other. */
    rename: (records: Records, from: string, bot: string) => {
      of(bot).incident = openedIn(records, from);
    },
    /**
     * Writes all that is newest into a file that lacks something.
     *
     * @param isWhole nothing that was to be written was given up.
     */
    fill: (records: Records, isWhole: boolean) => {
      if (isWhole && records.getState(`journal:${monitor}`) === mark) return;
      records.setState(`journal:${monitor}`, mark);
      if (aliveAt !== null) records.setState(`monitor-alive:${monitor}`, aliveAt);
      for (const [bot, known] of bots) fillBot(records, bot, known);
    },
  };
};
