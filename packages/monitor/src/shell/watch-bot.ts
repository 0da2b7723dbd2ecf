import { errorMessage, type Reading } from '@sentinel/heartbeat-core';
import { type BotView, heldFor, holdsUntilLook, viewOf } from '../core/bot-view.ts';
import { commandLine } from '../core/lines.ts';
import type { Observation } from '../core/observation.ts';
import { asksEnd } from '../core/questions.ts';
import type { Instant } from '../core/track.ts';
import type { ActorOf } from './actor.ts';
import { cleanReading, cleanView } from './clean-parts.ts';
import type { PendingCommand } from './journal/commands.ts';
import { openBot } from './open-bot.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';

/** One bot under watch. */
export type BotWatch = {
  readonly options: BotOptions;
  readonly view: () => BotView;
  /** Takes a person's command: it is decided with the next look, which is made at once. */
  readonly command: (command: PendingCommand) => void;
  /** Called every few seconds: passes on what the bot printed, and looks whether its process is still there. */
  readonly tick: () => void;
  /** @throws InstanceHeldError when another monitor has begun to watch the file, whose folder was renamed and made anew. */
  readonly keep: () => void;
  readonly stop: (options: { readonly endBot: boolean }) => Promise<void>;
};

type Parts = ReturnType<typeof openBot>;

/** Looks that see a standstill within this time see the same one, in ms. */
const sameStandstillMs = 2000;

/**
 * The looks at one bot: see, judge, decide, act. What is to be done is decided in `core/decide.ts`, and nowhere here.
 *
 * @param lookSoon asks for another look at once.
 */
const looksOf = (
  { name: bot }: BotOptions,
  { journal, log: { warn }, intervalMs }: Shared,
  { log, moment, act, supervise, observer, report, note, supervisor }: Parts,
  lookSoon: () => void,
) => {
  const commands: PendingCommand[] = [];
  let due = Number.POSITIVE_INFINITY;
  let stoodStillAt = Number.NEGATIVE_INFINITY;

  const obey = async (command: PendingCommand, seen: Observation, at: Instant) => {
    if (!journal.waits(command.id)) return;
    // Whoever gave it read the wall's clock, and decisions have one that nobody sets.
    const given = { ...command, at: command.at - observer.track().drift };
    const decision = supervisor.decide({ kind: 'person', command: given, seen }, at);
    const result = act.resultOf(command.kind, decision.result ?? '');
    log(commandLine(command, result));
    await supervisor.settle(decision, seen, at, { id: command.id, result });
  };

  return {
    /** When the next look is due. */
    due: () => due,
    command: (command: PendingCommand) => {
      commands.push(command);
      lookSoon();
    },
    look: async (reading: Reading): Promise<number> => {
      const at = moment();
      const standstill = observer.take(reading, due, at);
      if (standstill !== null) {
        // The looks that were due in it all see it.
        if (at.now - stoodStillAt > sameStandstillMs) warn(standstill, { bot });
        stoodStillAt = at.now;
        supervisor.take({ kind: 'jump' });
      }
      const saw = observer.observe(at, { state: supervisor.state(), commanded: commands.length > 0 });
      note(supervisor.state(), observer.track(), saw, at);
      // Two bots are told of as soon as they are known.
      if (report.look(supervisor.state(), saw)) lookSoon();
      for (let next = commands.shift(); next !== undefined; next = commands.shift())
        await obey(next, saw, at);
      const decision = supervisor.decide({ kind: 'look', seen: saw }, at);
      await supervisor.settle(decision, saw, at);
      supervise(at);
      // Rounded up: at the deadline itself it is over, a moment before it is not.
      due = Math.ceil(Math.min(at.now + intervalMs, decision.lookAt ?? Number.POSITIVE_INFINITY));
      return due;
    },
  };
};

/**
 * Shows how a bot is. That of a bot that is well holds until its next look: of ten thousand bots all are asked for twice a second.
 */
const viewsOf = (
  { restart: policy }: BotOptions,
  { clean }: Shared,
  { moment, observer, report, supervisor }: Parts,
  due: () => number,
) => {
  let kept: { readonly view: BotView; readonly of: unknown; readonly at: number } | null = null;
  return {
    /** A look is made: what it finds is another one. */
    forget: () => {
      kept = null;
    },
    view: (): BotView => {
      const at = moment();
      const state = supervisor.state();
      if (kept?.of === state && at.now < due()) return heldFor(kept.view, at.now - kept.at);
      const seen = observer.observe(at, { state, commanded: false, shown: true });
      const view = cleanView(viewOf(state, seen, at.now, policy, report.words()), clean);
      kept = holdsUntilLook(view) ? { view, of: state, at: at.now } : null;
      return view;
    },
  };
};

/**
 * Watches one bot until it is stopped.
 *
 * @param actorOf who does what was decided.
 * @throws InstanceHeldError when another monitor watches the same file: two would restart it twice.
 * @throws RangeError when its market hours are none.
 */
export const watchBot = (options: BotOptions, shared: Shared, actorOf: ActorOf): BotWatch => {
  const { name: bot, file } = options;
  const parts = openBot(options, shared, actorOf, () => source.look());
  const { moment, lock, act, observer, supervisor } = parts;
  const looks = looksOf(options, shared, parts, () => source.look());
  const saw = (at: Instant) => observer.observe(at, { state: supervisor.state(), commanded: false });
  const { view, forget } = viewsOf(options, shared, parts, looks.due);

  const source = shared.sources
    .file(file, { timeZone: options.timeZone, format: options.format, events: options.watch !== false })
    .open(async (reading) => {
      forget();
      try {
        source.lookAt(await looks.look(cleanReading(reading, shared.clean)));
      } catch (error) {
        const why = errorMessage(error);
        shared.log.error(`A look at ${file} failed: ${why}`, { bot });
        source.lookAt(shared.clock.now() + shared.intervalMs);
      }
      forget();
      shared.onWork?.();
    });

  return {
    options,
    command: looks.command,
    tick: () => {
      act.passOutput();
      if (asksEnd(supervisor.state()) && act.custodian.writer().writer === 'gone') source.look();
    },
    keep: lock.keep,
    view,
    stop: async ({ endBot }) => {
      await source.close();
      if (endBot && options.supervise === true) {
        const at = moment();
        await supervisor.settle(supervisor.decide({ kind: 'end' }, at), saw(at), at);
        await act.end();
      }
      act.close();
      lock.release();
    },
  };
};
