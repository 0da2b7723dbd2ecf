import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { apply, heal, type Stage } from './faults/apply.ts';
import { onlyTold } from './invariants/all-told.ts';
import { asOrdered } from './invariants/as-ordered.ts';
import { neverEnded } from './invariants/never-ended.ts';
import { neverHealthy, neverHealthyFor } from './invariants/never-healthy.ts';
import { neverTwo } from './invariants/never-two.ts';
import { onlyTruth } from './invariants/only-truth.ts';
import { runsAgain } from './invariants/runs-again.ts';
import { createUpheavals } from './invariants/upheavals.ts';
import type { Violation } from './invariants/violation.ts';
import { withinBudget } from './invariants/within-budget.ts';
import { asShipped, type Pieces } from './mutations/pieces.ts';
import { createKeeper } from './product/keeper.ts';
import type { Script } from './script.ts';
import { temporary } from './temporary.ts';
import { createWorld } from './world/world.ts';

export type Played = {
  readonly violation: Violation | null;
  readonly faults: number;
  /** How much time passed in the story, in ms. */
  readonly playedMs: number;
};

/** After the last fault the world is well for so long, in ms: whoever can be helped is well by then. */
const calmMs = 10 * 60_000;
/** Where all is well after the orders of a person, nothing more is to come: that is asked so often, in ms. */
const askedMs = 30_000;

/** So many things do not happen in one moment: whoever makes more of them never rests. */
const mostSteps = 5000;

/** All promises that can go on have gone on: Node runs this once it has nothing else to do at once. */
const drained = () => new Promise<void>((resolve) => process.nextTick(resolve));

type Trace = ((line: string) => void) | null;
const loggerOf = (trace: Trace, now: () => number) => {
  if (trace === null) return null;
  const say = (level: string) => (line: string) =>
    trace(`${(now() / 1000).toFixed(3).padStart(10)} ${level} ${line}`);
  return { info: say('     '), warn: say('warn '), error: say('ERROR') };
};

type PlayOptions = {
  readonly pieces?: Pieces;
  readonly trace?: Trace;
};

/** Plays a story, and stops at the first thing that must never be so. */
export const play = async (
  script: Script,
  { pieces = asShipped, trace = null }: PlayOptions = {},
): Promise<Played> => {
  const folder = temporary();
  let now = () => 0;
  const log = loggerOf(trace, () => now());
  const world = createWorld(script, join(folder, 'sentinel.db'), log);
  const { time } = world;
  now = time.mono;
  let violation: Violation | null = null;
  const violate = (invariant: number, fact: string) => {
    violation ??= { invariant, at: time.mono(), fact };
    log?.error(`invariant ${invariant}: ${fact}`);
  };
  const upheavals = createUpheavals(time.mono, world.journal.isSpoilt);
  const neverHealthyNow = neverHealthy(world, upheavals, violate);
  const onlook = script.onlookers === true ? neverHealthyFor(world, upheavals, violate) : null;
  const two = neverTwo(world, upheavals, violate);
  const again = runsAgain(world, upheavals, violate);
  const told = onlyTold(world, upheavals, violate);
  const keeper = createKeeper(world, pieces, told.ended);
  const stage: Stage = { world, keeper, awayMs: 1000, violate };
  world.witnesses.push(
    { checkFailed: (words) => violate(0, words) },
    ...[two.witness, neverEnded(world, upheavals, violate), told.witness],
    ...[withinBudget(world, upheavals, violate), onlyTruth(world, upheavals, violate)],
    asOrdered(world, upheavals, violate),
  );

  const goOn = async (until: number) => {
    let [steps, since] = [0, time.mono()];
    while (violation === null && time.step(until)) {
      steps = time.mono() > since ? 0 : steps + 1;
      since = time.mono();
      if (steps > mostSteps) violate(0, `nothing rests: ${mostSteps} steps in one moment`);
      if (!world.takeTouched()) continue;
      await drained();
      keeper.bury(stage.awayMs);
      upheavals.look();
      if (onlook !== null) await onlook();
      const run = keeper.current();
      if (run === null || run.gate.isFrozen()) continue;
      neverHealthyNow(run);
      two.look(run);
      again.look(run);
    }
  };

  const beCalm = async (healedMs: number) => {
    const calmUntil = time.mono() + calmMs;
    let isOver = false;
    for (let until = time.mono() + healedMs; violation === null && !isOver; until += askedMs) {
      await goOn(Math.min(until, calmUntil));
      const run = keeper.current();
      isOver = until >= calmUntil || (run !== null && again.isAllWell(run) && told.missing(run).length === 0);
    }
  };

  let faults = 0;
  try {
    for (const slot of world.bots) if (slot.setup.supervise !== true) world.startByHand(slot, 'at-first');
    await goOn(3000);
    keeper.start();
    for (const { at, fault } of script.faults) {
      await goOn(at);
      if (violation !== null) break;
      log?.info(`--- ${JSON.stringify(fault)}`);
      upheavals.note(fault);
      apply(stage, fault);
      await drained();
      keeper.bury(stage.awayMs);
      faults += 1;
    }
    if (violation === null) {
      log?.info('--- calm');
      upheavals.noteMended();
      const { healedMs } = heal(stage, (order) => {
        upheavals.noteHealed();
        upheavals.note(order);
      });
      await beCalm(healedMs);
      const run = keeper.current();
      if (violation === null && run !== null) {
        again.atEnd(run);
        told.atEnd(run);
      }
    }
  } finally {
    keeper.leave();
    world.journal.unlock();
    world.journal.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { violation, faults, playedMs: time.mono() };
};
