import type { Run } from '../world/bot.ts';
import { policy } from '../world/bot-options.ts';
import type { Slot, Witness, World } from '../world/world.ts';
import { journalBlocks, journalFaults, type Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/** Whoever starts a bot by hand so shortly before a command is run cannot be seen by the one who has decided, in ms. */
const unseenMs = 500;

/** A look at all processes is made once a minute, and another one decides, five seconds later; this for the look itself. */
const toldMs = 60_000 + 2 * 5000 + 5000;

const fileFaults = [
  ...(['file-removed', 'file-torn', 'file-emptied', 'file-noise', 'file-restored'] as const),
  ...(['file-is-folder', 'disk', 'bot-clock', 'events-lost'] as const),
];

/** Of a script nobody knows what it starts: that is known by its first beat, or by --bot-process. */
export const isOpaque = ({ setup }: Slot): boolean => setup.recipe === 'daemon' && setup.named !== true;

/** By the number in its beats, or by what the command runs. */
const isFindable = ({ setup }: Slot): boolean =>
  ['ours', 'pid-only', 'truncating'].includes(setup.style) ||
  setup.named === true ||
  ['in-front', 'behind-a-shell'].includes(setup.recipe);

/** 2: no command is run beside a bot that lives, and two bots that others have started are told within one look. */
export const neverTwo = (world: World, upheavals: Upheavals, violate: Violate) => {
  const { time } = world;
  /** Since when a monitor watches. */
  let watchedSince = 0;
  const sinceTwo = new Map<Slot, number>();
  const toldAt = new Map<Slot, number>();
  /** What a command has started, or may have started unseen, is not held against the monitor. */
  const startsTwo = new Set<Slot>();
  const witness: Witness = {
    commandRuns: (slot) => {
      const { setup, bot } = slot;
      if (slot.outcome === 'starts-two' || isOpaque(slot)) startsTwo.add(slot);
      if (setup.recipe === 'ends-bot') return;
      const beside = bot.living().filter(({ by, proc, beats, beganAt, lastBeatAt }) => {
        const isNew = time.up() - proc.startedUp < unseenMs;
        // By its first beat, that is, where somebody sees it and remembers it.
        const isUnseen =
          upheavals.since(beganAt, ...journalFaults) ||
          ((lastBeatAt ?? 0) < watchedSince && (upheavals.monitorEndedAt() ?? watchedSince) <= beganAt) ||
          upheavals.ofBotSince(world.bots.indexOf(slot), beganAt, 'events-lost');
        const isUnknown = isOpaque(slot) && (beats === 0 || isUnseen);
        return !isUnknown && !(by === 'person' && isNew);
      });
      if (beside.length > 0)
        violate(
          2,
          `the command of ${setup.name} is run beside ${beside.map(({ proc, by, habit }) => `process ${proc.pid} (started ${by}, ${habit})`).join(' and ')}`,
        );
    },
    told: (slot, { kind }) => {
      if (slot !== null && kind === 'duplicate-instance') toldAt.set(slot, time.mono());
    },
  };
  const isSteady = ({ habit, beats, lastBeatAt }: Run, now: number) =>
    habit === 'healthy' && beats > 1 && now - (lastBeatAt ?? 0) < policy.maxAgeMs;
  /** Nothing is told of it, and nothing looked at, in such a time. */
  const isHidden = (at: number) =>
    upheavals.since(at, 'no-descriptors', 'monitor-frozen', 'machine-sleeps', 'clock-set') ||
    upheavals.monitorEndedSince(at) ||
    upheavals.orderedSince(at - 200_000, 'pause') ||
    upheavals.since(at, ...journalFaults, ...journalBlocks);
  const isFileSpoilt = (index: number, at: number) => upheavals.ofBotSince(index, at, ...fileFaults);
  /** Asked after every step. */
  const look = ({ startedAt }: { readonly startedAt: number }) => {
    watchedSince = startedAt;
    const now = time.mono();
    for (const [index, slot] of world.bots.entries()) {
      const own = slot.bot.living().filter(({ by }) => by === 'sentinel');
      if (own.length > 1 && !startsTwo.has(slot) && slot.setup.recipe !== 'ends-bot')
        violate(2, `${own.length} bots of ${slot.setup.name} live that were started by restarts`);
      const two = slot.bot.living().filter((run) => isSteady(run, now));
      if (two.length < 2) {
        sinceTwo.delete(slot);
        continue;
      }
      const since = sinceTwo.get(slot) ?? now;
      sinceTwo.set(slot, since);
      if (
        now - since < toldMs ||
        slot.setup.recipe === 'none' ||
        isHidden(since) ||
        isFileSpoilt(index, since)
      )
        continue;
      // What is told again is told after ten minutes.
      if ((toldAt.get(slot) ?? Number.NEGATIVE_INFINITY) > since - 10 * 60_000 - toldMs) continue;
      if (!isFindable(slot)) continue;
      violate(
        2,
        `${two.length} bots of ${slot.setup.name} beat beside one another for ${Math.round((now - since) / 1000)} s, and nobody is told`,
      );
    }
  };
  return { witness, look };
};
