import type { Notification } from '@sentinel/notify';
import { policy } from '../world/bot-options.ts';
import type { Slot, World } from '../world/world.ts';
import { journalBlocks, journalFaults, type Upheavals } from './upheavals.ts';

type Told<Kind extends Notification['kind']> = Notification & { readonly kind: Kind };
type Untrue = (slot: Slot, notification: Notification, truth: string) => void;

/** A look, and a beat that is on its way. In ms. */
const slackMs = 2500;
/** A monitor notes that it lives this often at least, in ms. */
const notedMs = 65_000;

/** Lengths of time and numbers of attempts that are told, as the world knows them. */
export const timesTold = ({ time, bots }: World, upheavals: Upheavals, untrue: Untrue) => {
  const attempts = new Map<Slot, { readonly at: number; ran: boolean }[]>();
  const begun = new Map<Slot, { readonly earliest: number; readonly latest: number }>();
  /** Clocks that were set move what a monitor knows only by its date. */
  const isMoved = (at: number) =>
    upheavals.since(at, 'clock-set', 'machine-sleeps') || upheavals.clocksForgottenSince(at);
  return {
    ofCommand: (slot: Slot) => {
      const last = attempts.get(slot)?.at(-1);
      if (last !== undefined) last.ran = true;
    },
    ofAttempted: (slot: Slot, told: Told<'restart-attempted'>) => {
      const now = time.mono();
      const all = attempts.get(slot) ?? [];
      const within = (ms: number) => all.filter(({ at }) => now - at < ms);
      // One whose command was not run, since it was held back or its monitor died, is none.
      const least = 1 + within(policy.windowMs - 100).filter(({ ran }) => ran).length;
      const most = 1 + within(policy.windowMs + 100).length;
      attempts.set(slot, [...all, { at: now, ran: false }]);
      const from = now - policy.windowMs;
      const isLost =
        upheavals.orderedSince(from - 10_000, 'reset') ||
        (upheavals.monitorEndedSince(from) && upheavals.since(0, 'monitor-killed-within')) ||
        upheavals.since(from, ...journalBlocks, ...journalFaults) ||
        upheavals.spoiltSince(from) ||
        (isMoved(from) && upheavals.monitorEndedSince(from));
      if (!isLost && (told.attempt < least || told.attempt > most))
        untrue(
          slot,
          told,
          `it is attempt ${least} of the last ${policy.windowMs / 1000} s, and ${told.attempt} was said`,
        );
    },
    ofVerified: (slot: Slot, told: Told<'restart-verified'>, commandAt: number) => {
      const tookMs = time.mono() - commandAt;
      if (
        Math.abs(told.tookMs - tookMs) > slackMs &&
        !(isMoved(commandAt) && upheavals.monitorEndedSince(commandAt))
      )
        untrue(slot, told, `${told.tookMs} ms were said, and it took ${tookMs}`);
    },
    ofUnhealthy: (slot: Slot, told: Told<'unhealthy'>) => {
      const now = time.mono();
      const last = slot.bot.lastBeatAt() ?? now;
      const beatsOn = !['stale', 'down', 'unknown'].includes(told.state);
      // A stall begins with the last work that was done.
      const own = beatsOn ? Number.NEGATIVE_INFINITY : last;
      // A monitor that cannot read what the one before knew tells it anew; who can read it again goes on from there.
      begun.set(slot, { earliest: Math.min(own, begun.get(slot)?.earliest ?? own), latest: now });
    },
    ofRecovered: (slot: Slot, told: Told<'recovered'>) => {
      const span = begun.get(slot);
      begun.delete(slot);
      if (span === undefined || told.outageMs === undefined) return;
      const since = time.mono() - told.outageMs;
      const isDated =
        slot.bot.clockAheadMs() !== 0 ||
        upheavals.ofBotSince(bots.indexOf(slot), since - 600_000, 'bot-clock', 'file-restored');
      // A journal that lacks its newest part says what was so before.
      if (upheavals.forgottenSince(span.latest)) return;
      if (isDated || isMoved(Math.min(since, span.latest) - 600_000)) return;
      if (since < span.earliest - slackMs || since > span.latest + slackMs)
        untrue(
          slot,
          told,
          `an outage of ${told.outageMs} ms was said, and it began between ${span.earliest} and ${span.latest}, now is ${time.mono()}`,
        );
    },
    ofAbsence: (told: Told<'monitor-was-away'>) => {
      const [slot] = bots;
      const endedAt = upheavals.monitorEndedAt();
      if (slot === undefined || endedAt === null || isMoved(endedAt - notedMs)) return;
      if (upheavals.since(endedAt - notedMs, 'monitor-frozen', ...journalBlocks, ...journalFaults)) return;
      const awayMs = time.mono() - endedAt;
      if (told.awayMs < awayMs - slackMs || told.awayMs > awayMs + notedMs)
        untrue(slot, told, `${told.awayMs} ms were said, and no monitor lived for ${awayMs}`);
    },
  };
};
