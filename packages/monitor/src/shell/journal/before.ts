import { type IncidentRow, type Records, type Store, setAsideKey } from '@sentinel/history';
import type { KnownStall } from '../../core/stall.ts';
import { type NamesOfFiles, nameBefore, namesOfFiles } from './renamed.ts';

/** What the monitor before has left under `<kind>:<bot>`. */
const kinds = ['monitor', 'process', 'group', 'last-command', 'file', 'files'] as const;
export type LeftKind = (typeof kinds)[number];

export type OpenIncident = Pick<IncidentRow, 'illSince' | 'state' | 'reason'> & { readonly at: number };

/** What the journal says of a bot before this monitor writes anything of it. */
export type Before = {
  readonly values: ReadonlyMap<LeftKind, unknown>;
  readonly incident: OpenIncident | null;
  /** A stall that nobody has seen the end of. */
  readonly stall: KnownStall | null;
  /** By how much the bot's clock was found ahead, in ms. */
  readonly aheadMs: number | null;
  /** When the monitor before last said that it lived; `null`: not known. */
  readonly seenAt: number | null;
  /** When a journal was set aside as damaged, and this one begun, in ms since the epoch; 0: never. */
  readonly setAsideAt: number;
};

export const openedIn = (records: Records, bot: string): OpenIncident | null => {
  if (records.currentIncident(bot) === null) return null;
  const [last] = records.incidents({ bot, limit: 1 });
  return last === undefined || last.endedAt !== null
    ? null
    : { at: last.startedAt, illSince: last.illSince, state: last.state, reason: last.reason };
};

export const beforeIn = (records: Records, bot: string): Before => {
  const values = kinds.map((kind) => [kind, records.getState(`${kind}:${bot}`)] as const);
  const supervision = records.supervision(bot);
  const aside = records.getState(setAsideKey) as { readonly at?: number } | undefined;
  return {
    values: new Map(values.filter(([, value]) => value !== undefined)),
    incident: openedIn(records, bot),
    stall: records.openStall(bot),
    aheadMs: supervision?.aheadMs ?? null,
    seenAt: supervision?.seenAt ?? null,
    setAsideAt: aside?.at ?? 0,
  };
};

/** What the journal says of bots before they are watched. */
export type Beginning = ReturnType<typeof createBeginning>;

export const createBeginning = (store: Store) => {
  /** Read already, and not written over since. */
  const read = new Map<string, Before>();
  let names: NamesOfFiles | null = null;
  return {
    /** Reads it for many bots in one transaction; each by itself would take several. It holds until `over`. */
    read: (bots: readonly string[]): void => {
      const found = store.ask((records) => ({
        names: namesOfFiles(records),
        befores: bots.map((bot) => [bot, beforeIn(records, bot)] as const),
      }));
      if (found.kind !== 'known') return;
      names = found.value.names;
      for (const [bot, before] of found.value.befores) read.set(bot, before);
    },
    of: (bot: string) => {
      const before = read.get(bot);
      return before === undefined
        ? store.ask((records) => beforeIn(records, bot))
        : { kind: 'known' as const, value: before };
    },
    /**
     * The name under which this file was watched last, where that is another one.
     *
     * @param open of a transaction that runs.
     */
    nameBefore: (bot: string, file: string, open?: Records): string | null => {
      const within = (records: Records) => nameBefore(namesOfFiles(records), bot, file);
      if (open !== undefined) return within(open);
      return names === null ? store.transact(within, null) : nameBefore(names, bot, file);
    },
    /** Something is written over what was read of this bot, or of all. */
    over: (bot?: string): void => {
      if (bot !== undefined) read.delete(bot);
      else {
        read.clear();
        names = null;
      }
    },
  };
};
