import type { Reading } from '@sentinel/heartbeat-core';
import { type BotView, viewOf } from '../core/bot-view.ts';
import { commandLine } from '../core/lines.ts';
import type { Observation } from '../core/observation.ts';
import { asksEnd } from '../core/questions.ts';
import type { Instant } from '../core/track.ts';
import type { ActorOf } from './actor.ts';
import { cleanReading } from './clean-parts.ts';
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
  const { clock, journal } = shared;
  const parts = openBot(options, shared, actorOf, () => source.look());
  const { log, moment, lock, act, supervise, readings, observe, report, note, supervisor } = parts;
  const commands: PendingCommand[] = [];
  let due = Number.POSITIVE_INFINITY;

  const obey = async (command: PendingCommand, seen: Observation, at: Instant) => {
    if (!journal.waits(command.id)) return;
    // Whoever gave it read the wall's clock, and decisions have one that nobody sets.
    const given = { ...command, at: command.at - readings.track().drift };
    const decision = supervisor.decide({ kind: 'person', command: given, seen }, at);
    const result = act.resultOf(command.kind, decision.result ?? '');
    log(commandLine(command, result));
    await supervisor.settle(decision, seen, at, { id: command.id, result });
  };

  const look = async (reading: Reading) => {
    const at = moment();
    const standstill = readings.take(reading, due, at);
    if (standstill !== null) {
      shared.log.warn(standstill, { bot });
      supervisor.take({ kind: 'jump' });
    }
    const saw = observe(supervisor.state(), readings.track(), at, commands.length > 0);
    note(supervisor.state(), readings.track(), saw, at);
    // Two bots are told of as soon as they are known.
    if (report.look(supervisor.state(), saw)) source.look();
    for (let next = commands.shift(); next !== undefined; next = commands.shift()) await obey(next, saw, at);
    const decision = supervisor.decide({ kind: 'look', seen: saw }, at);
    await supervisor.settle(decision, saw, at);
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
        const why = error instanceof Error ? error.message : error;
        shared.log.error(`A look at ${file} failed: ${why}`, { bot });
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
      if (asksEnd(supervisor.state()) && act.custodian.writer().writer === 'gone') source.look();
    },
    keep: lock.keep,
    view: () => {
      const at = moment();
      const state = supervisor.state();
      return viewOf(state, observe(state, readings.track(), at, false), at.now, policy, report.words());
    },
    stop: async ({ endBot }) => {
      await source.close();
      if (endBot && options.supervise === true) {
        const at = moment();
        const saw = observe(supervisor.state(), readings.track(), at, false);
        await supervisor.settle(supervisor.decide({ kind: 'end' }, at), saw, at);
        await act.end();
      }
      act.close();
      lock.release();
    },
  };
};
