import type { MonitorRun } from '../product/monitor-run.ts';
import { isClosed, policy } from '../world/bot-options.ts';
import type { Slot, World } from '../world/world.ts';
import { journalBlocks, journalFaults, type Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/**
 * A silent bot is found out after its maximum age, or a look; the grace of a restart before may have to pass, and the
 * longest wait; then it is ended, and started. In ms.
 */
const mostMs =
  policy.maxAgeMs + 30_000 + policy.graceMs + policy.longestBackoffMs + 2 * policy.killAfterMs + 20_000;

const beats = ({ bot }: Slot, now: number) =>
  bot.living().some(({ lastBeatAt }) => lastBeatAt !== null && now - lastBeatAt < policy.maxAgeMs);

/** What makes a restart impossible, or wait, for as long as it lasts and until it was noticed that it is over. */
const hindering = [
  ...(['no-descriptors', 'clock-set', 'machine-sleeps', 'monitor-frozen'] as const),
  ...journalBlocks,
  ...journalFaults,
];
const hinderingOfBot = [
  ...(['command', 'slow-start', 'crashes-again', 'started-by-hand', 'silent', 'bot-clock'] as const),
  ...(['disk', 'file-removed', 'file-torn', 'file-emptied', 'file-noise', 'file-restored'] as const),
  ...(['file-is-folder', 'file-touched', 'events-lost', 'ordered', 'goes-on', 'hang'] as const),
];

/** 5: a bot that can be restarted runs again within the policy's time; of one that cannot people are told. */
export const runsAgain = (world: World, upheavals: Upheavals, violate: Violate) => {
  const { bots, time } = world;
  const silentSince = new Map<Slot, number>();

  /** Since when nothing has stood in the way. */
  const freeSince = (index: number, slot: Slot, run: MonitorRun): number =>
    Math.max(
      ...[silentSince.get(slot) ?? Number.POSITIVE_INFINITY, run.startedAt, upheavals.mendedAt()],
      ...[upheavals.latest(...hindering), upheavals.latestOfBot(index, ...hinderingOfBot)],
    );
  /** What is so in the world, and makes it right that it does not run. */
  const isExcused = (slot: Slot, now: number): boolean =>
    slot.setup.recipe === 'none' ||
    isClosedLately(slot, time.wall()) ||
    slot.outcome !== 'works' ||
    slot.manner.endsAfterBeats !== null ||
    slot.manner.firstBeatMs > policy.graceMs - 2000 ||
    // Without its journal a monitor makes one restart an hour, until a person says that it may make more.
    (upheavals.latest(...journalFaults) > upheavals.healedAt() &&
      upheavals.since(now - 3_600_000, ...journalFaults));

  const look = (run: MonitorRun) => {
    const now = time.mono();
    for (const [index, slot] of bots.entries()) {
      if (beats(slot, now)) {
        silentSince.delete(slot);
        continue;
      }
      if (!silentSince.has(slot)) silentSince.set(slot, now);
      if (now - (silentSince.get(slot) ?? now) < mostMs) continue;
      const since = freeSince(index, slot, run);
      if (now - since < mostMs || isExcused(slot, now)) continue;
      const view = run.monitor.views()[index];
      // What it may not do any more a person has to do, and is told so.
      if (view === undefined || view.phase === 'exhausted') continue;
      // Of a bot that is halted, or not safe, people are told, too; its time begins once that is over.
      if (isToldUnsafe(view)) {
        silentSince.set(slot, now);
        continue;
      }
      const isOrdered = view.phase === 'stopped' && upheavals.orderedAt(index, 'stop') !== null;
      if (isOrdered || isStopped(slot, view.phase)) continue;
      violate(
        5,
        `${slot.setup.name} does not run for ${Math.round((now - since) / 1000)} s, and could be restarted: ${view.phase}, ${view.standing}, ${view.custody}`,
      );
    }
  };
  /** In the end a bot is well, or people were told why it is not. */
  const atEnd = (run: MonitorRun) => {
    const views = run.monitor.views();
    for (const [index, slot] of bots.entries()) {
      const { setup, bot } = slot;
      const view = views[index];
      if (view === undefined) continue;
      if (beats(slot, time.mono())) {
        if (view.state !== 'healthy' && !bot.living().some(({ habit }) => habit !== 'healthy'))
          violate(5, `${setup.name} is well, and is called ${view.state} (${view.reason})`);
        continue;
      }
      if (isStopped(slot, view.phase) || isClosedLately(slot, time.wall())) continue;
      // Whoever orders its start is told that it is not safe.
      if (view.phase === 'stopped' && isUnsafe(view)) continue;
      if (view.incidentSince === null)
        violate(
          5,
          `${setup.name} is not well, nobody was told: ${view.state}, ${view.phase}, ${view.standing}`,
        );
      else if (setup.recipe !== 'none' && !isToldUnsafe(view))
        violate(
          5,
          `${setup.name} could be restarted and does not run: ${view.phase}, ${view.standing}, ${view.custody}`,
        );
    }
  };
  /** It was stopped, and was started again when no monitor could see that. */
  const isUnseen = (slot: Slot): boolean => {
    const at = slot.bot.stoppedAt();
    const index = bots.indexOf(slot);
    return (
      at !== null &&
      (upheavals.monitorEndedSince(at) ||
        upheavals.since(at, ...hindering) ||
        upheavals.ofBotSince(index, at, 'events-lost', 'disk', 'file-is-folder'))
    );
  };
  /** It was stopped on purpose; or it said so when it was ended, and whoever ended it has lost what it knew. */
  const isStopped = (slot: Slot, phase: string): boolean => {
    const by = slot.bot.stoppedBy();
    if (by === 'person') return true;
    return phase === 'stopped' && (isUnseen(slot) || (by === 'sentinel' && upheavals.lostBothSince(0)));
  };
  /** Each bot beats, once, and nothing is said against it. */
  const isAllWell = (run: MonitorRun): boolean => {
    const views = run.monitor.views();
    return bots.every((slot, index) => {
      const { state, incidentSince } = views[index] ?? {};
      const [only, ...more] = slot.bot.living();
      return state === 'healthy' && incidentSince === null && more.length === 0 && only?.habit === 'healthy';
    });
  };
  return { look, atEnd, isAllWell };
};

/** While its market is closed nothing is told and nothing restarted. */
const isClosedLately = ({ setup }: Slot, wall: number): boolean =>
  isClosed(setup, wall) || isClosed(setup, wall - mostMs);

type View = ReturnType<MonitorRun['monitor']['views']>[number];
const isUnsafe = ({ standing, custody }: View): boolean => /unsafe|not safe/.test(`${standing} ${custody}`);
const isToldUnsafe = (view: View): boolean => view.incidentSince !== null && isUnsafe(view);
