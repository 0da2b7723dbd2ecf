import type { Notification } from '@sentinel/notify';
import type { Run } from '../world/bot.ts';
import { policy } from '../world/bot-options.ts';
import type { Slot, Witness, World } from '../world/world.ts';
import { isOpaque } from './never-two.ts';
import { timesTold } from './times-told.ts';
import { isStopTold, turnOf } from './turn.ts';
import type { Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

type Told<Kind extends Notification['kind']> = Notification & { readonly kind: Kind };

/** What is dated so far off is dated rightly, and clocks are compared in whole seconds, in ms. */
const skewSlackMs = 62_000;

const isNameless = (style: string) => !['ours', 'pid-only', 'truncating'].includes(style);

/** Whose beat, or last words, came last. */
const lastToWrite = ({ bot }: Slot): Run | undefined =>
  bot
    .runs()
    .filter(({ wroteAt }) => wroteAt !== null)
    .sort((one, other) => (one.wroteAt ?? 0) - (other.wroteAt ?? 0))
    .at(-1);

/** 7: nothing is said that is untrue of the world. */
export const onlyTruth = (world: World, upheavals: Upheavals, violate: Violate): Witness => {
  const { time } = world;
  const commandAt = new Map<Slot, number>();
  const attemptAt = new Map<Slot, number>();
  const openSince = new Map<Slot, number>();
  /** It was said that there are no more restarts. */
  const saidSpentAt = new Map<Slot, number>();
  const untrue = ({ setup }: Slot, notification: Notification, truth: string) =>
    violate(7, `${notification.kind} is told of ${setup.name}: ${truth}`);
  const times = timesTold(world, upheavals, untrue);

  /**
   * Who has started what began after a command nobody can know: not whether a person did in that moment; nor, of a
   * script whose bot names no process, whether the script of the attempt before did.
   */
  const isOpenTo = ({ setup }: Slot, run: Run, at: number) =>
    (run.by === 'person' && run.beganAt >= at - 2000) ||
    (isNameless(setup.style) && (setup.recipe === 'daemon' || run.by === 'person'));
  /** Of a copy there is only its date, and by clocks that were set that is right; or who had seen the beat is forgotten. */
  const isYoungCopy = (slot: Slot): boolean => {
    const last = slot.bot.lastBeatAt() ?? -1;
    return (
      upheavals.ofBotSince(world.bots.indexOf(slot), last, 'file-restored') &&
      (upheavals.since(slot.file.copiedFrom() ?? last, 'clock-set') || upheavals.unknownSince(last))
    );
  };
  const ofVerified = (slot: Slot, told: Told<'restart-verified'>) => {
    const at = commandAt.get(slot);
    // A monitor that was killed between both has decided and not run it: who started the bot then it cannot know.
    if (at === undefined || at < (attemptAt.get(slot) ?? 0)) return;
    const { bot } = slot;
    const beating = bot
      .living()
      .filter(({ beats, proc }) => beats > 0 && (typeof told.pid !== 'number' || proc.pid === told.pid));
    if (beating.some((run) => isOpenTo(slot, run, at)) || isYoungCopy(slot)) return;
    const fresh = bot.runs().filter(({ beats, beganAt }) => beats > 0 && beganAt >= at - 20);
    if (fresh.length === 0) untrue(slot, told, 'no process that was started since has beaten');
    else if (typeof told.pid === 'number' && !fresh.some(({ proc }) => proc.pid === told.pid))
      untrue(slot, told, `process ${told.pid} is none of those that were started since`);
    times.ofVerified(slot, told, at);
  };
  /** It was stopped, and was started again when no monitor could see that. */
  const isUnseen = (slot: Slot, at: number): boolean =>
    upheavals.monitorEndedSince(at) ||
    upheavals.since(at, 'monitor-frozen', 'no-descriptors') ||
    upheavals.ofBotSince(world.bots.indexOf(slot), at, 'events-lost', 'disk', 'file-is-folder');
  /** A copy of an earlier beat takes that back no more than anything else that is no start, whichever monitor looks. */
  const isEndedOnPurpose = (slot: Slot): boolean => {
    const { bot } = slot;
    const index = world.bots.indexOf(slot);
    const at = bot.stoppedBy() === 'person' ? bot.stoppedAt() : null;
    if (at === null || bot.runs().some(({ beganAt }) => beganAt >= at)) return false;
    return (
      [at, upheavals.latestOfBot(index, 'file-restored')].every(upheavals.watchedAt) &&
      !upheavals.unknownSince(at) &&
      !upheavals.since(at, 'monitor-frozen', 'no-descriptors') &&
      !upheavals.ofBotSince(index, at, 'events-lost', 'disk', 'file-is-folder', 'file-torn')
    );
  };
  const ofUnhealthy = (slot: Slot, told: Told<'unhealthy'>) => {
    openSince.set(slot, time.mono());
    times.ofUnhealthy(slot, told);
    const kind = told.restart?.kind;
    if (kind === 'budget-spent') saidSpentAt.set(slot, time.mono());
    if ((kind === 'not-set-up') !== (slot.setup.recipe === 'none'))
      untrue(slot, told, `restarts are ${kind}`);
    const last = lastToWrite(slot);
    // Of two that live a copy may be of the one that is gone now.
    const isCopied = upheavals.ofBotSince(world.bots.indexOf(slot), last?.wroteAt ?? 0, 'file-restored');
    if (told.state === 'down' && last?.proc.alive === true && !isCopied)
      untrue(slot, told, `the process that beat last, ${last.proc.pid}, lives`);
    if (isEndedOnPurpose(slot) && (told.state === 'down' || told.state === 'stale'))
      untrue(slot, told, 'a person has stopped it in order, and nothing was started since');
    const said = /exit code (\d+)/.exec(told.reason)?.[1];
    // A bot that beat once and is gone was looked at too late to know whether the command was its parent.
    if (said !== undefined && (last?.beats ?? 0) > 1 && last?.proc.exitCode !== Number(said))
      untrue(
        slot,
        told,
        `it said exit code ${said}, and process ${last?.proc.pid} ended with ${last?.proc.exitCode}`,
      );
  };
  const ofRecovered = (slot: Slot, told: Told<'recovered'>) => {
    const since = openSince.get(slot);
    const last = slot.bot.lastBeatAt() ?? -1;
    if (since !== undefined && last < since && !isYoungCopy(slot))
      untrue(slot, told, 'no beat has come since the incident was told');
    times.ofRecovered(slot, told);
    openSince.delete(slot);
  };
  /** @param aheadMs what was said; 0: that the clocks agree. */
  const ofClock = (slot: Slot, told: Notification, aheadMs: number) => {
    const { bot, setup } = slot;
    const isCopied = upheavals.ofBotSince(world.bots.indexOf(slot), bot.lastBeatAt() ?? 0, 'file-restored');
    // What is found behind a standstill may be as old as that.
    if (upheavals.since(time.mono() - skewSlackMs, 'monitor-frozen')) return;
    // In the hour that comes twice a time without a zone means either.
    const isOpenToBoth = setup.style === 'two-lines' && setup.zone === 'Europe/Berlin';
    if (!isCopied && !isOpenToBoth && Math.abs(aheadMs - bot.datedAheadMs()) > skewSlackMs)
      untrue(slot, told, `${aheadMs} ms were said, and its clock is ${bot.datedAheadMs()} ms ahead`);
  };
  /** It came later than anybody could foresee, or a person has ordered it. */
  const isLate = (at: number): boolean =>
    upheavals.orderedSince(at - 10_000, 'reset', 'restart', 'start') ||
    upheavals.since(at, 'monitor-frozen', 'machine-sleeps', 'clock-set') ||
    upheavals.monitorEndedSince(at) ||
    upheavals.lostBothSince(0);
  const ofAttempted = (slot: Slot, told: Told<'restart-attempted'>) => {
    attemptAt.set(slot, time.mono());
    const spentAt = saidSpentAt.get(slot);
    if (spentAt !== undefined && !isLate(spentAt))
      untrue(slot, told, 'it was said that it gets no more restarts');
    saidSpentAt.delete(slot);
    times.ofAttempted(slot, told);
  };
  const ofStopped = (slot: Slot, told: Notification) => {
    const orderedAt = upheavals.orderedAt(world.bots.indexOf(slot), 'stop') ?? 0;
    // What a script has started that fails, or has not beaten within the grace, and what a person has, nobody can see.
    const isUnseen = ({ by, beats, beganAt }: Run) =>
      isOpaque(slot) &&
      beats === 0 &&
      (by === 'person' || slot.outcome !== 'works' || time.mono() - beganAt > policy.graceMs);
    const before = slot.bot.living().find((run) => run.beganAt < orderedAt && !isUnseen(run));
    if (before !== undefined) untrue(slot, told, `process ${before.proc.pid} lives`);
  };
  const ofPlannedEnd = (slot: Slot, told: Notification) => {
    const by = slot.bot.stoppedBy();
    const at = slot.bot.stoppedAt();
    if (by === 'person' || upheavals.orderedAt(world.bots.indexOf(slot), 'stop') !== null) return;
    if ((at !== null && isUnseen(slot, at)) || (by === 'sentinel' && upheavals.lostBothSince(0))) return;
    untrue(slot, told, 'nobody has stopped it');
  };
  return {
    commandRuns: (slot) => {
      commandAt.set(slot, time.mono());
      times.ofCommand(slot);
    },
    told: (slot, told) => {
      if (told.kind === 'monitor-was-away') times.ofAbsence(told);
      if (slot === null) return;
      if (turnOf(told) === 'ends') saidSpentAt.delete(slot);
      if (told.kind === 'custom' && told.closes === 'incident') ofPlannedEnd(slot, told);
      if (isStopTold(told)) ofStopped(slot, told);
      switch (told.kind) {
        case 'unhealthy':
          return ofUnhealthy(slot, told);
        case 'recovered':
          return ofRecovered(slot, told);
        case 'restart-attempted':
          return ofAttempted(slot, told);
        case 'restart-verified':
          return ofVerified(slot, told);
        case 'budget-exhausted':
          saidSpentAt.set(slot, time.mono());
          if (told.windowMs !== policy.windowMs || told.attempts < policy.most)
            untrue(slot, told, `${told.attempts} in ${told.windowMs} ms`);
          return;
        case 'clock-skew':
          return ofClock(slot, told, told.aheadMs);
        case 'custom':
          if (told.text.endsWith('agree again')) ofClock(slot, told, 0);
          return;
        case 'duplicate-instance':
          if (told.processes !== undefined && slot.bot.living().length < 2)
            untrue(slot, told, `${slot.bot.living().length} processes of it live`);
      }
    },
  };
};
