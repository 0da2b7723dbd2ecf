import { type Reading, readMarketHours } from '@sentinel/heartbeat-core';
import { interferes, toldIn } from '../core/actions.ts';
import { type BotView, viewOf } from '../core/bot-view.ts';
import { type Decision, decide } from '../core/decide.ts';
import { explainSight } from '../core/explain.ts';
import type { Input } from '../core/input.ts';
import { pack } from '../core/kept-state.ts';
import { commandLine, foreignLine, healthLine, lateLine, movedLine } from '../core/lines.ts';
import { decideNoted, isLasting } from '../core/noted.ts';
import type { Observation } from '../core/observation.ts';
import { asksEnd, asksScanAnew } from '../core/questions.ts';
import { keptFromMs, standOf } from '../core/stall.ts';
import { supervisionOf } from '../core/supervision.ts';
import { initialState } from '../core/supervisor-state.ts';
import { firstTrack, follow, type Instant, standstillOf } from '../core/track.ts';
import type { ActorOf } from './actor.ts';
import { cleanReading } from './clean-parts.ts';
import { custodyReport } from './custody-report.ts';
import type { Left } from './journal/left.ts';
import type { PendingOrder } from './journal/orders.ts';
import { createObserver } from './observer.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';

/** One bot under watch. */
export type BotWatch = {
  readonly options: BotOptions;
  readonly view: () => BotView;
  /** Takes a person's command: it is decided with the next look, which is made at once. */
  readonly command: (command: PendingOrder) => void;
  /** Called every few seconds: passes on what the bot printed, and looks whether its process is still there. */
  readonly tick: () => void;
  /** @throws InstanceHeldError when another monitor has begun to watch the file, whose folder was renamed and made anew. */
  readonly keep: () => void;
  readonly stop: (options: { readonly endBot: boolean }) => Promise<void>;
};

/**
 * Watches one bot until it is stopped: watch, judge, decide, act. What is to be done is decided in `core/decide.ts`, and
 * nowhere here.
 *
 * @param actorOf who does what was decided.
 * @throws InstanceHeldError when another monitor watches the same file: two would restart it twice.
 * @throws RangeError when its market hours are none.
 */
export const watchBot = (options: BotOptions, shared: Shared, actorOf: ActorOf): BotWatch => {
  const { name: bot, file, restart: policy } = options;
  const { clock, files, journal } = shared;
  const log = (line: string) => shared.log.info(line, { bot });
  const moment = (): Instant => ({ now: clock.now(), wall: clock.wall() });
  const market = options.marketHours === null ? null : readMarketHours(options.marketHours);
  const foreign = files.foreign(file);
  if (foreign !== null) shared.log.warn(foreignLine(foreign), { bot });
  const lock = files.lock(file, { claimOnly: foreign !== null });

  const left = journal.load(bot, file, (late) => takeLate(late));
  if (left.movedFrom !== null) log(movedLine(bot, file, left));
  // Only now: what is known of its processes may have been of another file.
  const act = actorOf(options, shared, {
    mayWrite: foreign === null,
    onExit: () => {
      if (take({ kind: 'command-ended' }) !== null) source.look();
    },
  });
  const { custodian } = act;
  const observe = createObserver(options, act, market, shared.random);
  const report = custodyReport(options, custodian, log);
  const stallBefore = journal.stall(bot);
  const commands: PendingOrder[] = [];
  let track = firstTrack(file, journal.ahead(bot), moment());
  let due = Number.POSITIVE_INFINITY;
  let shown = '';
  let state = initialState(clock.now(), policy.graceMs);

  /** An input that comes without a look, and when to look because of it. */
  const take = (input: Input): number | null => {
    const { state: next, actions, lookAt } = decide(state, input, clock.now(), policy);
    state = next;
    toldIn(actions).forEach(act.tell);
    return lookAt;
  };
  const start = ({ state: kept, lost }: Left, late: boolean): Input => {
    const asParent = options.supervise === true;
    return { kind: 'start', bot, kept: act.kept(kept), lost, late, asParent };
  };
  take(start(left, false));
  /** The state as it stands in the journal. */
  let committed = state;

  const takeLate = (late: Left) => {
    log(lateLine(bot, file, late));
    report.forget();
    take(start(late, true));
    custodian.reload();
    track = { ...track, aheadMs: track.aheadMs ?? journal.ahead(bot) };
    source.look();
  };

  const supervise = (at: Instant) => {
    const closure = market === null ? null : market.lastClosure(at.wall);
    act.supervised(supervisionOf(shared.id, state, at.now, options, closure, report.words(), track.aheadMs));
  };

  /** Writes a decision down, and then does it: a monitor that dies in a restart must not forget that it made one. */
  const settle = async (
    { state: next, actions }: Decision,
    saw: Observation,
    at: Instant,
    order?: { readonly id: number; readonly result: string },
  ) => {
    const before = state;
    state = next;
    if (state === committed && actions.length === 0 && order === undefined) return;
    committed = state;
    // With the step: who is told that a command is done must find what it did.
    supervise(at);
    await act.commit({
      bot,
      state: pack(state),
      notifications: toldIn(actions),
      health: saw.health,
      reason: explainSight(state, saw),
      at: at.wall,
      lasting: isLasting(before, actions),
      ...(order === undefined ? {} : { order }),
    });
    // The folder may have been made anew a moment ago, and another monitor may watch there.
    if (interferes(actions)) lock.keep();
    actions.forEach(act.carryOut);
    if (asksScanAnew(before, state)) custodian.rescan();
  };

  const decideOn = (input: Input, at: Instant): Decision =>
    decideNoted(state, input, at.now, policy, act.canNote);

  const obey = async (command: PendingOrder, seen: Observation, at: Instant) => {
    if (!journal.waits(command.id)) return;
    // Whoever gave it read the wall's clock, and decisions have one that nobody sets.
    const given = { ...command, at: command.at - track.drift };
    const decision = decideOn({ kind: 'person', command: given, seen }, at);
    const result = act.resultOf(command.kind, decision.result ?? '');
    log(commandLine(command, result));
    await settle(decision, seen, at, { id: command.id, result });
  };

  /** What was seen goes into the journal, and what is news into the log. */
  const note = (saw: Observation, at: Instant) => {
    const { reading, seen } = track;
    journal.seen(bot, reading, saw.health, explainSight(state, saw), at.wall);
    if (reading.kind === 'beat')
      journal.stood(bot, standOf(reading, seen, at.now), keptFromMs(options.health.maxStallMs), at.wall);
    const news = healthLine(shown, state, saw);
    shown = news.shown;
    if (news.line !== null) log(news.line);
  };

  const look = async (reading: Reading) => {
    const at = moment();
    const followed = follow(track, reading, stallBefore, at);
    track = followed.track;
    if (reading.kind === 'beat') custodian.learn(reading.record, followed.isNewBeat);
    const standstill = standstillOf(followed.jumped, shared.frozenMs(), due, at.now);
    if (standstill !== null) {
      shared.log.warn(standstill, { bot });
      take({ kind: 'jump' });
    }
    const saw = observe(state, track, at, commands.length > 0);
    note(saw, at);
    // Two bots are told of as soon as they are known.
    if (report.look(state, saw)) source.look();
    for (let next = commands.shift(); next !== undefined; next = commands.shift()) await obey(next, saw, at);
    const decision = decideOn({ kind: 'look', seen: saw }, at);
    await settle(decision, saw, at);
    supervise(at);
    // Rounded up: at the deadline itself it is over, a moment before it is not.
    due = Math.ceil(Math.min(at.now + shared.intervalMs, decision.lookAt ?? Number.POSITIVE_INFINITY));
    source.lookAt(due);
  };

  const source = shared.sources
    .file(file, { timeZone: options.timeZone, format: options.format, events: options.watch !== false })
    .open(async (reading) => {
      try {
        await look(cleanReading(reading, shared.clean));
      } catch (error) {
        shared.log.error(`A look at ${file} failed: ${error instanceof Error ? error.message : error}`, {
          bot,
        });
        source.lookAt(clock.now() + shared.intervalMs);
      }
      shared.onWork?.();
    });

  return {
    options,
    command: (command) => {
      commands.push(command);
      source.look();
    },
    tick: () => {
      act.passOutput();
      if (asksEnd(state) && custodian.writer().writer === 'gone') source.look();
    },
    keep: lock.keep,
    view: () => {
      const at = moment();
      return viewOf(state, observe(state, track, at, false), at.now, policy, report.words());
    },
    stop: async ({ endBot }) => {
      await source.close();
      if (endBot && options.supervise === true) await act.end();
      act.close();
      lock.release();
    },
  };
};
