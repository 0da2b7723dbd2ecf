import {
  acquireInstanceLock,
  explainHealth,
  type Reading,
  readHeartbeat,
  type Seen,
  type StatusRecord,
  see,
} from '@sentinel/heartbeat-core';
import type { Action } from '../core/actions.ts';
import type { BotView } from '../core/bot-view.ts';
import { type Decision, decide, dueIn } from '../core/decide.ts';
import { wasNotRun } from '../core/event-of.ts';
import { explainStanding } from '../core/explain.ts';
import { readMarketHours } from '../core/market-hours.ts';
import type { Observation } from '../core/observation.ts';
import { observe } from '../core/observe.ts';
import { carryOut } from '../core/order.ts';
import type { EventKind } from '../core/phases.ts';
import { restartsLeft } from '../core/restart-budget.ts';
import { resume } from '../core/resume.ts';
import { goOn, keptFromMs, standOf } from '../core/stall.ts';
import { restart } from '../core/steps.ts';
import { supervisionOf } from '../core/supervision.ts';
import type { SupervisorState } from '../core/supervisor-state.ts';
import { actor } from './act.ts';
import { type KnownProcess, knowProcess } from './end-process.ts';
import type { PendingOrder } from './journal.ts';
import { type LastProcess, rememberProcess } from './last-process.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';

/** One bot under watch. */
export type BotWatch = {
  readonly options: BotOptions;
  readonly view: () => BotView;
  readonly wake: () => void;
  readonly order: (order: PendingOrder) => void;
  readonly passOutput: () => void;
  readonly stop: (options: { readonly endBot: boolean }) => Promise<void>;
};

/** Wall clock and monotonic clock that go apart by more than this between two looks: a jump, in ms. */
const jumpMs = 10_000;
const beating = ['healthy', 'degraded', 'stuck'];

/**
 * Watches one bot until it is stopped: watch, evaluate, decide, act.
 *
 * @throws InstanceHeldError when another monitor watches the same file: two would restart it twice.
 * @throws RangeError when its market hours are none.
 */
export const watchBot = (options: BotOptions, shared: Shared): BotWatch => {
  const { name: bot, file, health: healthPolicy, restart: policy } = options;
  const { clock, journal, scheduler, folders } = shared;
  const market = options.marketHours === null ? null : readMarketHours(options.marketHours);
  const lock = acquireInstanceLock(`${file}.monitor`);
  const act = actor(options, shared);
  let state = resume(options.dryRun === true ? undefined : journal.load(bot), clock.now(), policy);
  let toStart = options.supervise === true;
  let reading: Reading = { kind: 'missing', problem: { code: 'missing', file } };
  let seen: Seen | undefined;
  const memory = journal.lastProcess(bot);
  const before = memory.load();
  let last: LastProcess | undefined = before?.record;
  let known: KnownProcess | null = before?.known ?? null;
  const stallBefore = journal.stall(bot);
  let event: EventKind = 'held';
  let shown = '';
  let drift = clock.wall() - clock.now();
  let stopped = false;
  let looking: Promise<void> | undefined;
  let again = false;
  const orders: PendingOrder[] = [];

  const observation = (now: number, clockJumped: boolean): Observation => {
    // Whether another monitor's command still runs, and what ours printed, costs time: it is asked when it matters.
    const search =
      state.phase === 'restarting' &&
      now >= Math.min(state.graceUntil, state.commandDueAt ?? state.graceUntil);
    return observe({
      bot,
      reading,
      seen,
      now,
      wallNow: clock.wall(),
      health: healthPolicy,
      market,
      clockJumped,
      command: act.command(search),
      chance: Math.random(),
    });
  };

  const learn = (record: StatusRecord) => {
    known = knowProcess(record);
    if (record.pid !== undefined) memory.save(rememberProcess(record, known));
  };

  const read = async (): Promise<Observation> => {
    reading = await readHeartbeat(file, { timeZone: options.timeZone });
    const now = clock.now();
    const isFirst = seen === undefined;
    seen = see(seen, reading, now);
    if (isFirst) seen = goOn(seen, reading, stallBefore, now, clock.wall());
    if (reading.kind === 'beat') {
      if (reading.record.pid !== last?.pid || reading.record.instance !== last?.instance)
        learn(reading.record);
      last = reading.record;
    }
    const jumped = Math.abs(clock.wall() - now - drift) > jumpMs;
    drift = clock.wall() - now;
    if (jumped)
      shared.log.warn(`Clock and time went apart: this machine slept, or its clock was set`, { bot });
    return observation(now, jumped);
  };

  const supervise = (now: number) => {
    const closure = market === null ? null : market.lastClosure(clock.wall());
    if (options.dryRun !== true)
      journal.supervised(bot, supervisionOf(shared.id, state, now, options, closure));
  };

  const settle = async (
    next: { state: SupervisorState; actions: readonly Action[] },
    saw: Observation,
    order?: { id: number; result: string },
  ) => {
    const before = state;
    state = next.state;
    if (state === before && next.actions.length === 0 && order === undefined) return;
    const reason = explainHealth(saw.health);
    const told = next.actions.flatMap((action) => (action.kind === 'notify' ? [action.notification] : []));
    // With the step: who is told that an order is done must find what it did.
    supervise(clock.now());
    // On disk before anything is done: a monitor that dies in a restart must not forget that it made one.
    act.commit({
      bot,
      state,
      notifications: told,
      health: saw.health,
      reason,
      at: clock.wall(),
      ...(order === undefined ? {} : { order }),
    });
    for (const action of next.actions) await act.carryOut(action, last, known);
    // What was not run has failed, and there is nothing to wait for.
    if (state.phase === 'restarting' && wasNotRun(state, { command: act.command(false) })) again = true;
  };

  const startBot = async (saw: Observation) => {
    toStart = false;
    if (beating.includes(saw.health.state)) return;
    const now = clock.now();
    if (state.incidentSince !== null) {
      // In an incident that goes on a start is a restart: told, counted, and not beyond the budget. A last beat that says
      // that the end was planned is then of the monitor before, which ended its bot with itself.
      const held = state.pausedUntil !== null || restartsLeft(state, now, policy) === 0;
      return settle(
        held ? { state: { ...state, endedAt: now }, actions: [] } : restart(state, saw, now, policy),
        saw,
      );
    }
    state = { ...state, phase: 'starting', graceUntil: now + policy.graceMs };
    await act.start(last, known);
  };

  const look = async () => {
    const saw = await read();
    if (stopped) return;
    const reason = explainHealth(saw.health);
    journal.seen(bot, reading, saw.health, reason, clock.wall());
    if (reading.kind === 'beat')
      journal.stood(
        bot,
        standOf(reading, seen, clock.now()),
        keptFromMs(healthPolicy.maxStallMs),
        clock.wall(),
      );
    if (saw.health.state !== shown) shared.log.info(`${bot} is ${saw.health.state}: ${reason}`, { bot });
    shown = saw.health.state;
    if (toStart) await startBot(saw);
    for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
      if (!journal.waits(order.id)) continue;
      // Whoever gave it read the wall's clock, and decisions have one that nobody sets.
      const given = { ...order, at: order.at - drift };
      const carried = carryOut(state, given, saw, clock.now(), policy);
      shared.log.info(`Order ${order.kind} of ${order.by}: ${carried.result}`, { bot });
      await settle(carried, saw, { id: order.id, result: carried.result });
    }
    const decision: Decision = decide(state, saw, clock.now(), policy);
    event = decision.event;
    await settle(decision, saw);
    const now = clock.now();
    supervise(now);
    const due = dueIn(state, saw, now, policy) ?? Number.POSITIVE_INFINITY;
    // Rounded up: at the deadline itself it is over, a moment before it is not.
    if (!stopped) scheduler.set(task, now + Math.min(shared.intervalMs, Math.ceil(due)));
  };

  const run = async () => {
    do {
      again = false;
      try {
        await look();
      } catch (error) {
        shared.log.error(`A look at ${file} failed: ${error instanceof Error ? error.message : error}`, {
          bot,
        });
        if (!stopped) scheduler.set(task, clock.now() + shared.intervalMs);
      }
    } while (again && !stopped);
    looking = undefined;
    shared.onWork?.();
  };

  const wake = () => {
    if (stopped) return;
    if (looking === undefined) looking = run();
    else again = true;
  };

  const task = scheduler.task(wake);
  if (options.watch !== false) folders.add(file, wake);
  wake();
  return {
    options,
    wake,
    order: (order) => {
      orders.push(order);
      wake();
    },
    passOutput: act.passOutput,
    view: () => {
      const now = clock.now();
      const saw = observation(now, false);
      return {
        name: bot,
        state: saw.health.state,
        phase: state.phase,
        reason: explainHealth(saw.health),
        standing: explainStanding(state, event, saw, now, policy),
        ageMs: saw.health.ageMs,
        staleInMs: saw.health.staleInMs,
        restartsLeft: restartsLeft(state, now, policy),
        incidentSince: state.incidentSince,
        pausedUntil: state.pausedUntil,
        closed: saw.closed,
      };
    },
    stop: async ({ endBot }) => {
      stopped = true;
      scheduler.set(task, Number.POSITIVE_INFINITY);
      folders.remove(file);
      await looking;
      if (endBot && options.supervise === true) await act.end();
      act.close();
      lock.release();
    },
  };
};
