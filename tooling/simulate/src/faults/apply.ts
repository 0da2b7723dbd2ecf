import type { Violate } from '../invariants/violation.ts';
import type { Keeper } from '../product/keeper.ts';
import type { Habit } from '../world/bot.ts';
import type { Slot, World } from '../world/world.ts';
import type { Fault, Order } from './fault.ts';

/** A world with a monitor in it. */
export type Stage = {
  readonly world: World;
  readonly keeper: Keeper;
  /** How long the monitor is away once it is found to be killed, in ms. */
  awayMs: number;
  readonly violate: Violate;
};

/** No command of this world ends with it. */
const crashed = 7;

/** What is said with an order: for how long it holds. */
const lasting: Readonly<Partial<Record<Order, Readonly<Record<string, unknown>>>>> = {
  pause: { minutes: 3, reason: 'a look' },
  halt: { minutes: 4, reason: 'a look' },
  snooze: { minutes: 5 },
  note: { note: 'a look' },
  stop: { reason: 'a look' },
};

const behave = ({ bot }: Slot, habit: Habit) => {
  for (const run of bot.living()) run.habit = habit;
};

const ofBot = (world: World, slot: Slot, fault: Fault & { readonly bot: number }) => {
  const { time, table, journal } = world;
  const { bot, file, setup } = slot;
  const later = (ms: number, run: () => void) => void time.after(ms, run);
  switch (fault.kind) {
    case 'crash':
      for (const { proc } of bot.living()) table.end(proc, crashed);
      return;
    case 'hang':
      return behave(slot, 'hung');
    case 'stuck':
      return behave(slot, 'stuck');
    case 'error':
      return behave(slot, 'error');
    case 'goes-on':
      return behave(slot, 'healthy');
    case 'planned-stop':
      return bot.stop();
    case 'started-by-hand':
      return void world.startByHand(slot, 'person');
    case 'pid-reused': {
      const last = bot.runs().at(-1)?.proc;
      if (last === undefined) return;
      table.end(last, 1);
      later(30, () => void table.spawn({ pid: last.pid, args: ['nginx'] }));
      return;
    }
    case 'silent':
      behave(slot, 'hung');
      return later(fault.ms, () => behave(slot, 'healthy'));
    case 'slow-start':
      slot.manner = { ...slot.manner, firstBeatMs: fault.ms };
      return;
    case 'crashes-again':
      slot.manner = { ...slot.manner, endsAfterBeats: fault.beats };
      return;
    case 'command':
      slot.outcome = fault.outcome;
      return;
    case 'bot-clock':
      return bot.setClock(fault.aheadMs);
    case 'file-removed':
      return file.remove();
    case 'file-torn':
      return file.tear();
    case 'file-emptied':
      return file.empty();
    case 'file-noise':
      return file.noise();
    case 'file-restored':
      return file.restore();
    case 'file-touched':
      return file.touch();
    case 'file-is-folder':
      file.becomeFolder(true);
      return later(fault.ms, () => file.becomeFolder(false));
    case 'events-lost':
      file.loseEvents(true);
      return later(fault.ms, () => file.loseEvents(false));
    case 'disk':
      file.fail(fault.code);
      return later(fault.ms, () => file.fail(null));
    case 'ordered':
      journal.order(setup.name, fault.order, lasting[fault.order] ?? {}, Math.round(time.wall()));
  }
};

/** Lets a fault befall the world. */
export const apply = (stage: Stage, fault: Fault) => {
  const { world, keeper } = stage;
  const { time, sink, journal } = world;
  const later = (ms: number, run: () => void) => void time.after(ms, run);
  if ('bot' in fault) {
    const slot = world.bots[fault.bot];
    if (slot !== undefined) ofBot(world, slot, fault);
    return;
  }
  switch (fault.kind) {
    case 'clock-set':
      return time.setWall(fault.byMs);
    case 'machine-sleeps':
      return time.sleep(fault.ms);
    case 'monitor-frozen':
      return keeper.current()?.gate.freeze(fault.ms);
    case 'no-descriptors':
      world.setAnswers(false);
      return later(fault.ms, () => world.setAnswers(true));
    case 'sink':
      sink.behave(fault.manners);
      return later(fault.ms, () => sink.behave('takes'));
    case 'monitor-killed':
      return keeper.kill(fault.awayMs);
    case 'earlier-version':
      keeper.kill(fault.awayMs);
      return journal.asEarlier();
    case 'monitor-killed-within':
      stage.awayMs = fault.awayMs;
      return keeper.current()?.gate.killAt(fault.effects, fault.when, fault.of);
    case 'monitor-stopped':
      return keeper.stop(fault.awayMs);
    case 'second-monitor':
      if (keeper.current()?.gate.isDead() === false && !keeper.second())
        stage.violate(2, 'a second monitor watches the same files');
      return;
    case 'journal-removed':
      return journal.remove();
    case 'journal-log-removed':
      return journal.removeLog();
    case 'journal-damaged':
      return journal.damage();
    case 'journal-locked':
      journal.lock();
      return later(fault.ms, journal.unlock);
    case 'journal-disk':
      journal.fail(fault.code);
      return later(fault.ms, () => journal.fail(null));
    case 'journal-is-folder':
      journal.hide();
      return later(fault.ms, journal.show);
  }
};

/** By then a monitor that was away, or stood still, is back: an order that nobody takes within a minute is refused. */
const orderedMs = 225_000;
/** One that lives has looked at what was mended by then. */
const lookedMs = 45_000;
/** It is given twice, so far apart, and by then whoever took it has had another look. */
const againMs = 30_000;

/** Everything that others can mend is mended; what the bots and the monitor are is left to them. */
export const heal = (
  { world, keeper }: Stage,
  onOrder: (given: Fault & { readonly kind: 'ordered' }) => void,
): { readonly healedMs: number } => {
  const { sink, journal, time } = world;
  sink.behave('takes');
  journal.unlock();
  journal.fail(null);
  journal.show();
  world.setAnswers(true);
  keeper.current()?.gate.killAt(Number.POSITIVE_INFINITY, 'before');
  for (const slot of world.bots) {
    slot.file.becomeFolder(false);
    slot.file.fail(null);
    slot.file.loseEvents(false);
    slot.outcome = 'works';
    slot.manner = world.usual;
    slot.bot.setClock(0);
  }
  const isAway = keeper.current()?.gate.isFrozen() !== false;
  // A person looks after it; a journal that is damaged takes no order, and is set aside by hand.
  const order = () => {
    for (const [bot, { setup }] of world.bots.entries())
      for (const each of ['unhalt', 'resume', 'reset', 'start'] as const) {
        onOrder({ kind: 'ordered', bot, order: each });
        if (!journal.order(setup.name, each, {}, Math.round(time.wall()))) journal.setAside();
      }
  };
  const firstMs = isAway ? orderedMs : lookedMs;
  for (const ms of [firstMs, firstMs + againMs]) time.after(ms, order);
  return { healedMs: firstMs + 3 * againMs };
};
