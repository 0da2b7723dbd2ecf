import {
  acquireInstanceLock,
  foreignFolder,
  ofClockAhead,
  type Reading,
  readMarketHours,
  resolveFile,
  type Seen,
  see,
} from '@sentinel/heartbeat-core';
import type { Action } from '../core/actions.ts';
import type { BotView } from '../core/bot-view.ts';
import { aheadOf } from '../core/clock-skew.ts';
import { type Decision, decide, decideNoted, mustBeNoted } from '../core/decide.ts';
import { explainSight, explainStanding } from '../core/explain.ts';
import type { Input } from '../core/input.ts';
import { pack } from '../core/kept-state.ts';
import type { Observation, ProcessFacts } from '../core/observation.ts';
import { observe } from '../core/observe.ts';
import { safetyOf } from '../core/outlook.ts';
import { wasNotRun } from '../core/proof.ts';
import { restartsLeft } from '../core/restart-budget.ts';
import { goOn, keptFromMs, standOf } from '../core/stall.ts';
import { supervisionOf } from '../core/supervision.ts';
import { initialState, type SupervisorState } from '../core/supervisor-state.ts';
import type { Custody } from '../custody/custody.ts';
import { actor } from './act.ts';
import type { PendingOrder } from './journal/orders.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';

/** One bot under watch. */
export type BotWatch = {
  readonly options: BotOptions;
  readonly view: () => BotView;
  readonly wake: () => void;
  readonly order: (order: PendingOrder) => void;
  /** Called every few seconds: passes on what the bot printed, and looks whether its process is still there. */
  readonly tick: () => void;
  /** @throws InstanceHeldError when another monitor has begun to watch the file, whose folder was renamed and made anew. */
  readonly keep: () => void;
  readonly stop: (options: { readonly endBot: boolean }) => Promise<void>;
};

/** Wall clock and monotonic clock that go apart by more than this between two looks: a jump, in ms. */
const jumpMs = 10_000;
/** A deadline that is met later than this shows that this process did not run, in ms. */
const lateMs = 2000;
const wellPhases = ['up', 'settling'];
/** Phases in which the end of its process is news. */
const mayEnd = ['starting', ...wellPhases];
const calm = ['healthy', 'stopped'];

/**
 * Watches one bot until it is stopped: watch, judge, decide, act.
 *
 * @throws InstanceHeldError when another monitor watches the same file: two would restart it twice.
 * @throws RangeError when its market hours are none.
 */
export const watchBot = (options: BotOptions, shared: Shared): BotWatch => {
  const { name: bot, file, health: healthPolicy, restart: policy, command } = options;
  const { clock, journal } = shared;
  const market = options.marketHours === null ? null : readMarketHours(options.marketHours);
  const foreign = foreignFolder(file);
  if (foreign !== null)
    shared.log.warn(
      `${foreign}, so nothing is written there: run the monitor as that user, or let root alone write there. What the restart command prints goes to this monitor's output`,
      { bot },
    );
  const lock = acquireInstanceLock(`${resolveFile(file)}.monitor`, { claimOnly: foreign !== null });
  const sayMoved = (from: string, isKnown: boolean) =>
    shared.log.info(
      `${bot} was the name of another file before (${from}): its incident, budget, stall and pause do not hold for ${file}${isKnown ? ', those of this file do again' : ''}`,
      { bot },
    );
  const sayLost = () => {
    if (!policy.enabled || options.dryRun === true) return;
    const text =
      'the journal was damaged, so it is not known how often it was restarted: one restart an hour is made at most, until a person runs `sentinel-monitor reset`';
    shared.notifier.notify({
      kind: 'custom',
      bot,
      severity: 'warning',
      title: `Few restarts of ${bot}`,
      text,
    });
  };
  /** By how much the bot's clock is ahead. */
  let aheadMs: number | null = null;
  const left = journal.load(bot, file, (late) => {
    if (late.movedFrom !== null) sayMoved(late.movedFrom, late.state !== undefined);
    else
      shared.log.info(
        late.state === undefined
          ? `The journal can be read: it says nothing of ${bot}`
          : `The journal can be read again: what the monitor before knew of ${bot} holds`,
        { bot },
      );
    if (late.lost) sayLost();
    // What was said of its restarts was said of a journal that could not be read.
    custodyWords = null;
    saidKind = null;
    state = decide(
      state,
      { kind: 'start', kept: late.state, lost: late.lost, late: true, asParent: false },
      clock.now(),
      policy,
    ).state;
    custodian.reload();
    aheadMs ??= journal.ahead(bot);
    wake();
  });
  if (left.movedFrom !== null) sayMoved(left.movedFrom, left.state !== undefined);
  // Only now: what is known of its processes may have been of another file.
  const act = actor(options, shared, () => wake(), foreign === null);
  const { custodian } = act;
  aheadMs = journal.ahead(bot);
  const began = clock.now();
  let state = decide(
    initialState(began, policy.graceMs),
    {
      kind: 'start',
      kept: options.dryRun === true ? undefined : left.state,
      lost: left.lost,
      late: false,
      asParent: options.supervise === true,
    },
    began,
    policy,
  ).state;
  if (left.lost) sayLost();
  let reading: Reading = { kind: 'missing', problem: { code: 'missing', file } };
  let seen: Seen | undefined;
  let custodyWords: string | null = null;
  let saidKind: string | null = null;
  let due = Number.POSITIVE_INFINITY;
  const stallBefore = journal.stall(bot);
  let shown = '';
  let drift = clock.wall() - clock.now();
  const orders: PendingOrder[] = [];

  /** What the processes say: asked whole only where something may be ended or started, since that costs. */
  const processFacts = (isCalm: boolean): ProcessFacts => {
    const { writer, byReboot } = custodian.writer();
    const command = act.command(false);
    const held = command !== null && command.groupAlive === false && writer === 'gone';
    const facts: ProcessFacts = {
      custody: null,
      writer,
      mark: custodian.mark(),
      byReboot,
      exitCode: held ? command.exitCode : null,
      candidate: null,
      several: custodian.several(),
      diskTrouble: null,
    };
    if (isCalm && writer !== 'gone') return facts;
    const laterThanUp = state.ending === null ? null : upOf(state.ending.since);
    let custody: Custody = custodian.ask({
      commandFailed: state.restart?.commandFailed === true,
      laterThanUp,
    });
    if (options.dryRun === true && state.phase === 'ending') custody = { kind: 'gone', by: 'process' };
    return {
      ...facts,
      custody,
      candidate: state.phase === 'restarting' ? custodian.candidate() : null,
      diskTrouble: writer === 'gone' ? null : custodian.diskTrouble(),
    };
  };
  const upOf = (at: number): number => custodian.uptimeMs() - (clock.now() - at);

  const observation = (now: number, full = false): Observation => {
    // Whether another monitor's command still runs, and what ours printed, costs time: it is asked when it matters.
    const search =
      state.phase === 'ending' ||
      (state.phase === 'restarting' &&
        now >= Math.min(state.grace?.until ?? 0, state.restart?.commandDueAt ?? Number.POSITIVE_INFINITY));
    const look = {
      bot,
      reading,
      seen,
      now,
      wallNow: clock.wall(),
      health: healthPolicy,
      market,
      command: act.command(search),
      chance: Math.random(),
      everBeat: custodian.everBeat(),
    };
    const settled = ['up', 'stopped', 'settling'].includes(state.phase) && !state.toStart && !full;
    // A first look without processes says whether they matter.
    const isCalm = settled && calm.includes(observe(look).health.state);
    return observe({ ...look, processes: processFacts(isCalm) });
  };

  const take = (fresh: Reading): { readonly saw: Observation; readonly jumped: boolean } => {
    reading = fresh;
    const now = clock.now();
    const isFirst = seen === undefined;
    const before = seen;
    seen = see(seen, reading, now);
    if (isFirst) seen = goOn(seen, reading, stallBefore, now, clock.wall());
    seen = ofClockAhead(seen, reading, aheadMs, now, clock.wall());
    if (before?.beat !== seen?.beat) aheadMs = aheadOf(reading, seen, aheadMs, clock.wall());
    if (reading.kind === 'beat')
      custodian.learn(reading.record, before !== undefined && before.beat !== seen?.beat);
    const jumped = Math.abs(clock.wall() - now - drift) > jumpMs;
    drift = clock.wall() - now;
    if (jumped)
      shared.log.warn(`Clock and time went apart: this machine slept, or its clock was set`, { bot });
    // What a deadline found late says as much of the bot as of this process: both did not run.
    const lateBy = Math.max(shared.frozenMs(), now - due - lateMs);
    const frozen = Number.isFinite(lateBy) && lateBy > 0;
    if (frozen && !jumped)
      shared.log.warn(
        `This process did not run for a while (${Math.round(lateBy / 1000)} s or more): the bot is given time`,
        { bot },
      );
    return { saw: observation(now, orders.length > 0), jumped: jumped || frozen };
  };

  /** Nothing is ended or started before the journal has proven that it takes what the next monitor has to know. */
  const noted = (input: Input): Decision =>
    decideNoted(state, input, clock.now(), policy, () => options.dryRun === true || journal.canNote(bot));

  const supervise = (now: number) => {
    const closure = market === null ? null : market.lastClosure(clock.wall());
    if (options.dryRun !== true)
      journal.supervised(bot, supervisionOf(shared.id, state, now, options, closure, custodyWords, aheadMs));
  };

  const settle = async (
    next: { state: SupervisorState; actions: readonly Action[] },
    saw: Observation,
    order?: { id: number; result: string },
  ) => {
    const before = state;
    state = next.state;
    if (state === before && next.actions.length === 0 && order === undefined) return;
    const reason = explainSight(state, saw);
    const told = next.actions.flatMap((action) => (action.kind === 'notify' ? [action.notification] : []));
    // With the step: who is told that an order is done must find what it did.
    supervise(clock.now());
    // On disk before anything is done: a monitor that dies in a restart must not forget that it made one.
    await act.commit({
      bot,
      state: pack(state),
      notifications: told,
      health: saw.health,
      reason,
      at: clock.wall(),
      lasting: mustBeNoted(before, next.actions) || told.some(({ kind }) => kind === 'budget-exhausted'),
      ...(order === undefined ? {} : { order }),
    });
    // The folder may have been made anew a moment ago, and another monitor may watch there.
    if (next.actions.some(({ kind }) => kind === 'restart' || kind === 'end' || kind === 'last-resort'))
      lock.keep();
    for (const action of next.actions) act.carryOut(action);
    // The runs of before are known by now: what beats from here on is looked for anew.
    if (state.phase !== before.phase && wellPhases.includes(state.phase)) custodian.rescan();
    // What was not run has failed, and there is nothing to wait for.
    if (state.phase === 'restarting' && wasNotRun(state, { command: act.command(false) })) wake();
  };

  /** How far it could be restarted safely: always for others, and said in the log when that changes while it is well. */
  const sayCustody = (saw: Observation, aloud: boolean) => {
    if (command === undefined) return;
    const commandFailed = state.restart?.commandFailed === true;
    custodyWords = safetyOf(
      saw,
      saw.processes.custody ?? custodian.ask({ commandFailed, laterThanUp: null }),
      policy,
    );
    if (!aloud) return;
    const kind = custodyWords.replace(/\d+/g, '');
    if (kind !== saidKind) shared.log.info(`Restarts of ${bot}: ${custodyWords}`, { bot });
    saidKind = kind;
  };

  const look = async (fresh: Reading) => {
    const { saw, jumped } = take(fresh);
    if (jumped) state = decide(state, { kind: 'jump' }, clock.now(), policy).state;
    const reason = explainSight(state, saw);
    journal.seen(bot, reading, saw.health, reason, clock.wall());
    if (reading.kind === 'beat')
      journal.stood(
        bot,
        standOf(reading, seen, clock.now()),
        keptFromMs(healthPolicy.maxStallMs),
        clock.wall(),
      );
    // A file that is caught in the middle of a write is not news: a second look decides.
    const unsure =
      saw.health.reason.kind === 'no-beat' && (state.phase === 'up' || state.phase === 'suspect');
    // What it ended itself the monitor has said already.
    const isOurs = state.ended?.byUs === true && saw.health.reason.kind === 'process-gone';
    if (saw.health.state !== shown && !unsure && !isOurs)
      shared.log.info(`${bot} is ${saw.health.state}: ${reason}`, { bot });
    if (!unsure) shown = saw.health.state;
    const isCalm = saw.health.state === 'healthy' && wellPhases.includes(state.phase);
    if (isCalm && custodian.scan()) {
      sayCustody(saw, true);
      // Two bots are told of as soon as they are known.
      if (custodian.several().length > saw.processes.several.length) wake();
    } else if (custodyWords === null) sayCustody(saw, true);
    else if (saw.processes.custody !== null) sayCustody(saw, false);
    for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
      if (!journal.waits(order.id)) continue;
      // Whoever gave it read the wall's clock, and decisions have one that nobody sets.
      const given = { ...order, at: order.at - drift };
      const carried = noted({ kind: 'person', command: given, seen: saw });
      const notDone = options.dryRun === true && ['restart', 'test-alert'].includes(order.kind);
      const result =
        notDone && carried.result === 'done'
          ? 'refused: this monitor makes a dry run, it restarts and notifies nobody'
          : (carried.result ?? 'done');
      // An alert that is on its way is not told yet.
      const words = order.kind === 'test-alert' && result === 'done' ? 'sent off' : result;
      shared.log.info(`Order ${order.kind} of ${order.by}: ${words}`, { bot });
      await settle(carried, saw, { id: order.id, result });
    }
    const decision = noted({ kind: 'look', seen: saw });
    await settle(decision, saw);
    const now = clock.now();
    supervise(now);
    const dueMs = (decision.lookAt ?? Number.POSITIVE_INFINITY) - now;
    // Rounded up: at the deadline itself it is over, a moment before it is not.
    due = now + Math.min(shared.intervalMs, Math.max(0, Math.ceil(dueMs)));
    source.lookAt(due);
  };

  const source = shared.sources
    .file(file, { timeZone: options.timeZone, format: options.format, events: options.watch !== false })
    .open(async (fresh) => {
      try {
        await look(fresh);
      } catch (error) {
        shared.log.error(`A look at ${file} failed: ${error instanceof Error ? error.message : error}`, {
          bot,
        });
        source.lookAt(clock.now() + shared.intervalMs);
      }
      shared.onWork?.();
    });
  const wake = source.look;
  return {
    options,
    wake,
    order: (order) => {
      orders.push(order);
      wake();
    },
    tick: () => {
      act.passOutput();
      if (mayEnd.includes(state.phase) && custodian.writer().writer === 'gone') wake();
    },
    keep: lock.keep,
    view: () => {
      const now = clock.now();
      const saw = observation(now);
      return {
        name: bot,
        state: saw.health.state,
        phase: state.phase,
        reason: explainSight(state, saw),
        standing: explainStanding(state, saw, now, policy),
        ageMs: saw.health.ageMs,
        staleInMs: saw.health.staleInMs,
        restartsLeft: restartsLeft(state.budget, now, policy),
        incidentSince: state.incident?.since ?? null,
        pausedUntil: state.pausedUntil,
        closed: saw.health.closed,
        custody: custodyWords,
      };
    },
    stop: async ({ endBot }) => {
      await source.close();
      if (endBot && options.supervise === true) await act.end();
      act.close();
      lock.release();
    },
  };
};
