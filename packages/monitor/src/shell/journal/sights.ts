import type { Health, Reading } from '@sentinel/heartbeat-core';
import type { Records } from '@sentinel/history';
import type { KnownStall, Stand } from '../../core/stall.ts';
import { gatherMs, isDue, type Parts } from './parts.ts';

/** What is seen: it is gathered, and may be lost. */
export type SightJournal = {
  readonly seen: (bot: string, reading: Reading, health: Health, reason: string, at: number) => void;
  /** How the bot's work stands, kept from `keptFromMs` of standing still on. */
  readonly stood: (bot: string, stand: Stand | null, keptFromMs: number, at: number) => void;
  /** The stall that the monitor before this one has seen, and nobody the end of. */
  readonly stall: (bot: string) => KnownStall | null;
};

type Seen = { readonly key: string; readonly touchedAt: number };
type Stood = { readonly mark: string | null; readonly long: boolean; readonly touchedAt: number };

export const sightsOn = ({ store, newest }: Parts) => {
  const seenLast = new Map<string, Seen>();
  const stands = new Map<string, Stood>();
  const later = (write: (records: Records) => void) => store.write(write, { withinMs: gatherMs });

  const seen: SightJournal['seen'] = (bot, reading, health, reason, at) => {
    const record = reading.kind === 'beat' ? reading.record : undefined;
    const status = record?.status ?? `❓ ${reason}`;
    const sessionActive = record?.sessionActive ?? false;
    const instance = record?.instance ?? null;
    const key = `${health.state}\n${sessionActive}\n${instance}\n${status}`;
    const last = seenLast.get(bot);
    if (last?.key === key && !isDue(last.touchedAt, at)) return;
    seenLast.set(bot, { key, touchedAt: at });
    const { state, ageMs } = health;
    const sight = (records: Records) => {
      records.touch(bot, at, state);
      records.addBeat({ bot, at, state, status, sessionActive, instance, ageMs });
    };
    newest.keepSight(bot, 'beat', sight);
    later(last?.key === key ? (records) => records.touch(bot, at, state) : sight);
  };

  const stood: SightJournal['stood'] = (bot, stand, keptFromMs, at) => {
    const mark = stand?.mark ?? null;
    const long = stand !== null && stand.stalledMs >= keptFromMs;
    const last = stands.get(bot);
    const same = last !== undefined && last.mark === mark && last.long === long;
    if (same && (!long || !isDue(last.touchedAt, at))) return;
    stands.set(bot, { mark, long, touchedAt: at });
    // Work that goes on is the rule, and leaves nothing behind; the first look may end a stall of before.
    if (last !== undefined && !last.long && !long) return;
    const since = long ? at - stand.stalledMs : null;
    const write = (records: Records) => records.standStill({ bot, at, mark, since });
    newest.keepSight(bot, 'stall', write);
    later(write);
  };

  const stall: SightJournal['stall'] = (bot) => store.transact((records) => records.openStall(bot), null);
  return {
    sights: { seen, stood, stall },
    /** The next sight is written, whatever was seen before. */
    forgetSights: (bot: string) => {
      seenLast.delete(bot);
      stands.delete(bot);
    },
  };
};
