import type { Health, Reading } from '@sentinel/heartbeat-core';
import type { Records, Write } from '@sentinel/history';
import type { KnownStall, Stand } from '../../core/stall.ts';
import { gatherMs, type Parts } from './parts.ts';

/** A span grows by this much at least, in ms, while nothing changes; a longer gap than 150 s counts as unwatched. */
const touchMs = 60_000;

const isDue = (touchedAt: number, at: number): boolean => at - touchedAt >= touchMs || at < touchedAt;

/** What is seen: it is gathered, and may be lost. */
export const sightsOn = ({ store, newest, beginning }: Parts) => {
  const later = (write: Write) => store.write(write, { withinMs: gatherMs });
  return {
    /** @param isKnown false: the time counts as not watched, until more is known of the bot. */
    seen: (
      bot: string,
      reading: Reading,
      health: Health,
      reason: string,
      at: number,
      isKnown = true,
    ): void => {
      const record = reading.kind === 'beat' ? reading.record : undefined;
      const status = record?.status ?? `❓ ${reason}`;
      const sessionActive = record?.sessionActive ?? false;
      const instance = record?.instance ?? null;
      const key = `${health.state}\n${sessionActive}\n${instance}\n${status}`;
      const written = newest.written(bot);
      const last = written.beat;
      if (last?.key === key && !(isKnown && isDue(last.touchedAt, at))) return;
      written.beat = { key, touchedAt: isKnown ? at : Number.NEGATIVE_INFINITY };
      const { state, ageMs } = health;
      const isFirst = last === undefined || last.touchedAt === Number.NEGATIVE_INFINITY;
      const touch = (records: Records) =>
        records.touch(bot, at, state, isFirst ? (written.watchedUntil ?? null) : undefined);
      const sight = (records: Records) => {
        if (isKnown) touch(records);
        records.addBeat({ bot, at, state, status, sessionActive, instance, ageMs });
      };
      newest.keepSight(bot, 'beat', sight);
      later(last?.key === key ? touch : sight);
    },
    /** How the bot's work stands, kept from `keptFromMs` of standing still on. */
    stood: (bot: string, stand: Stand | null, keptFromMs: number, at: number): void => {
      const mark = stand?.mark ?? null;
      const long = stand !== null && stand.stalledMs >= keptFromMs;
      const written = newest.written(bot);
      const last = written.stall;
      const same = last !== undefined && last.mark === mark && last.long === long;
      if (same && (!long || !isDue(last.touchedAt, at))) return;
      written.stall = { mark, long, touchedAt: at };
      // Work that goes on is the rule, and leaves nothing behind; the first look may end a stall of before.
      if (last !== undefined && !last.long && !long) return;
      const since = long ? at - stand.stalledMs : null;
      const write = (records: Records) => records.standStill({ bot, at, mark, since });
      newest.keepSight(bot, 'stall', write);
      later(write);
    },
    /** The stall that the monitor before this one has seen, and nobody the end of. */
    stall: (bot: string): KnownStall | null => {
      const before = beginning.of(bot);
      return before.kind === 'known' ? before.value.stall : null;
    },
  };
};
