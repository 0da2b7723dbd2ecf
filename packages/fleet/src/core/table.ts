import { healthStates } from '@sentinel/heartbeat-core';
import type { BotFacts, Heard, HostMessage } from './message.ts';

// Instants are ms of the observer's own clock, which nobody sets: what a host says of time is not used to judge it.

export type BotRow = BotFacts & {
  /** When its last beat was, by its age when the message came. */
  readonly beatAt: number | null;
  /** Since when it is heard to beat there without a break. */
  readonly beatsSince: number | null;
};

type Life = Pick<HostMessage, 'life' | 'n'>;

export type HostRow = Pick<HostMessage, 'boot' | 'life' | 'n' | 'whole' | 'version'> & {
  /** `null`: not since this observer runs; it is known from before. */
  readonly heardAt: number | null;
  /** The last thing that came was no message: why, and when. */
  readonly garbled: { readonly at: number; readonly why: string } | null;
  /** The whole message that the later ones build on did not come: bots that they do not name are not known. */
  readonly lacksWhole: boolean;
  /** The last message with all bots, which the later ones change. */
  readonly base: ReadonlyMap<string, BotRow>;
  readonly bots: ReadonlyMap<string, BotRow>;
  /** The life before: when it speaks again, two agents have one name. */
  readonly former: Life | null;
  /** When that was seen, and how often in a row. */
  readonly twice: { readonly at: number; readonly times: number } | null;
};

/** All hosts that are known, by name. A host is forgotten only when a person says so. */
export type HostTable = ReadonlyMap<string, HostRow>;

const blank: HostRow = {
  boot: '',
  life: '',
  n: 0,
  whole: 0,
  version: null,
  heardAt: null,
  garbled: null,
  lacksWhole: true,
  base: new Map(),
  bots: new Map(),
  former: null,
  twice: null,
};

/** A host that is known from before: from the roster, or from this observer's own file. */
export const rowFromBefore = (
  known: Pick<HostRow, 'boot' | 'life' | 'n' | 'whole'>,
  bots: readonly BotFacts[],
): HostRow => {
  const rows = new Map(bots.map((bot) => [bot.name, { ...bot, beatAt: null, beatsSince: null }]));
  return { ...blank, ...known, base: rows, bots: rows };
};

/** Bots that are known from before, of a host whose own list has not come yet: how they are is not known. */
export const withBotsFromBefore = (row: HostRow, before: () => HostRow): HostRow =>
  row.lacksWhole && row.bots.size === 0
    ? { ...row, bots: new Map([...before().bots].map(([name, bot]) => [name, lost(bot)])) }
    : row;

/** What one arrival makes of what was known of its host. The same row: it says nothing new. */
export const hear = (row: HostRow = blank, heard: Heard, now: number): HostRow => {
  if (heard.kind === 'garbled') return { ...row, garbled: { at: now, why: heard.why } };
  const { message } = heard;
  const isSameLife = message.life === row.life;
  // It came through another server before, or somebody plays it again.
  if (isSameLife && message.n <= row.n) return row;
  const isFormer = row.former?.life === message.life;
  if (isFormer && message.n <= (row.former?.n ?? 0)) return row;
  const isWhole = message.whole === message.n;
  const lacksWhole = !isWhole && (row.lacksWhole || !isSameLife || row.whole !== message.whole);
  const base = isWhole ? rowsOf(message, row.bots, now) : lacksWhole ? new Map() : row.base;
  const { boot, life, n, whole, version } = message;
  return {
    ...{ boot, life, n, whole, version, lacksWhole, base },
    heardAt: now,
    garbled: null,
    bots: isWhole ? base : changed(row, message, lacksWhole, base, now),
    former: isSameLife || row.life === '' ? row.former : { life: row.life, n: row.n },
    twice: isFormer ? { at: now, times: (row.twice?.times ?? 0) + 1 } : row.twice,
  };
};

const rowOf = (bot: BotFacts, before: BotRow | undefined, now: number): BotRow => ({
  ...bot,
  beatAt: bot.ageMs === null ? null : now - bot.ageMs,
  beatsSince: healthStates[bot.state].beats ? (before?.beatsSince ?? now) : null,
});

const rowsOf = ({ bots }: HostMessage, before: ReadonlyMap<string, BotRow>, now: number) =>
  new Map(bots.map((bot) => [bot.name, rowOf(bot, before.get(bot.name), now)]));

const lost = (bot: BotRow): BotRow => ({
  ...bot,
  state: 'unknown',
  reason: 'the last message with all bots of its host did not come',
});

/** All bots after a message that names only those that differ from the last whole one. */
const changed = (
  row: HostRow,
  message: HostMessage,
  lacksWhole: boolean,
  base: ReadonlyMap<string, BotRow>,
  now: number,
): ReadonlyMap<string, BotRow> => {
  // Nearly every message says only that all is as it was.
  if (!lacksWhole && message.bots.length === 0 && message.gone.length === 0) return base;
  const bots = new Map(lacksWhole ? [...row.bots].map(([name, bot]) => [name, lost(bot)]) : base);
  for (const [name, bot] of rowsOf(message, row.bots, now)) bots.set(name, bot);
  for (const name of message.gone) bots.delete(name);
  return bots;
};
