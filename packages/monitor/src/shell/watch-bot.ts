import { errorMessage, isSystemError, type Reading, unlessRefused } from '@sentinel/heartbeat-core';
import { type BotView, heldFor, holdsUntilLook, viewOf } from '../core/bot-view.ts';
import { commandLine } from '../core/lines.ts';
import type { Observation } from '../core/observation.ts';
import { asksEnd } from '../core/questions.ts';
import { explainStandstill, type Instant, type Standstill } from '../core/track.ts';
import type { ActorOf } from './actor.ts';
import { cleanReading, cleanView } from './clean-parts.ts';
import type { PendingCommand } from './journal/commands.ts';
import { OpenBot } from './open-bot.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';

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

/** Nothing announces that a file can be read again, as free descriptors, rights and mounts change no folder: it is tried, in ms. */
const unreadableLookMs = 5000;

/**
 * One bot under watch: see, judge, decide, act. What is to be done is decided in `core/decide.ts`, and nowhere here.
 */
class WatchedBot implements BotWatch {
  readonly options: BotOptions;
  private readonly shared: Shared;
  private readonly parts: OpenBot;
  private readonly source: ReturnType<ReturnType<Shared['sources']['file']>['open']>;
  private readonly commands: PendingCommand[] = [];
  /** When the next look is due. */
  private due = Number.POSITIVE_INFINITY;
  /** Looks in a row that failed. */
  private failed = 0;
  private kept: { readonly view: BotView; readonly of: unknown; readonly at: number } | null = null;

  constructor(options: BotOptions, shared: Shared, actorOf: ActorOf) {
    const { file, timeZone, format } = options;
    this.options = options;
    this.shared = shared;
    this.parts = new OpenBot(options, shared, actorOf, () => this.source.look());
    this.source = shared.sources
      .file(file, { timeZone, format, events: options.watch !== false })
      .open((reading) => this.read(reading));
  }

  command(command: PendingCommand): void {
    this.commands.push(command);
    this.source.look();
  }

  tick(): void {
    const { act, supervisor } = this.parts;
    try {
      unlessRefused(act.passOutput.bind(act), undefined);
      if (!asksEnd(supervisor.state())) return;
      if (unlessRefused(() => act.custodian.writer().writer, 'unknown') === 'gone') this.source.look();
    } catch (error) {
      // What is wrong with one bot must not keep the others from being watched.
      this.tellFailed(error);
    }
  }

  keep(): void {
    this.parts.lock.keep();
  }

  /**
   * Shows how a bot is. That of a bot that is well holds until its next look: of ten thousand bots all are asked for twice a second.
   */
  view(): BotView {
    const { kept, parts, options } = this;
    const { observer, report, supervisor } = parts;
    const at = parts.moment();
    const state = supervisor.state();
    if (kept?.of === state && at.now < this.due) return heldFor(kept.view, at.now - kept.at);
    const seen = observer.observe(at, { state, commanded: false, shown: true });
    const shown = viewOf(state, seen, at.now, options.restart, report.words()?.restart ?? null);
    const view = cleanView(shown, this.shared.clean);
    this.kept = holdsUntilLook(view) ? { view, of: state, at: at.now } : null;
    return view;
  }

  async stop({ endBot }: { readonly endBot: boolean }): Promise<void> {
    const { act, lock, observer, supervisor } = this.parts;
    this.parts.isEnding = true;
    await this.source.close();
    if (endBot && this.options.supervise === true) {
      const at = this.parts.moment();
      const saw = observer.observe(at, { state: supervisor.state(), commanded: true });
      await supervisor.settle(supervisor.decide({ kind: 'end' }, at), saw, at);
      await act.end(saw.processes.custody);
    }
    act.close();
    lock.release();
  }

  private async read(reading: Reading): Promise<void> {
    const { shared } = this;
    // What a look finds is another view.
    this.kept = null;
    try {
      this.source.lookAt(await this.look(cleanReading(reading, shared.clean)));
      this.failed = 0;
    } catch (error) {
      this.tellFailed(error);
      this.source.lookAt(shared.clock.now() + shared.intervalMs);
    }
    this.kept = null;
    shared.onWork?.();
  }

  private async look(reading: Reading): Promise<number> {
    const { observer, supervisor, report, notes } = this.parts;
    let at = this.parts.moment();
    this.seeStandstill(observer.take(reading, this.due, at));
    let saw = this.observe(at);
    notes.note(supervisor.state(), observer.track(), saw, at);
    // Two bots are told of as soon as they are known.
    if (report.look(supervisor.state(), saw)) this.source.look();
    for (let next = this.commands.shift(); next !== undefined; next = this.commands.shift()) {
      await this.obey(next, saw, at);
      // What a person has ended is seen no more: a bot that is no longer stopped must not be taken for one that is.
      saw = this.observe(at);
    }
    const before = supervisor.state();
    let decision = supervisor.decide({ kind: 'look', seen: saw }, at);
    if (decision.actions.length > 0) {
      // Whoever ends this monitor and the bot at once may have ended it already, and the bot's end is heard first.
      await this.shared.clock.heard();
      if (this.parts.isEnding) return at.now;
    }
    if (supervisor.state() !== before) {
      at = this.parts.moment();
      saw = this.observe(at);
      decision = supervisor.decide({ kind: 'look', seen: saw }, at);
    }
    await supervisor.settle(decision, saw, at);
    this.parts.onStep(at);
    const { intervalMs: most } = this.shared;
    const intervalMs = reading.kind === 'unreadable' ? Math.min(most, unreadableLookMs) : most;
    // Rounded up: at the deadline itself it is over, a moment before it is not.
    this.due = Math.ceil(Math.min(at.now + intervalMs, decision.lookAt ?? Number.POSITIVE_INFINITY));
    return this.due;
  }

  /** A bot that cannot be looked at is not watched: people are told with the second look that fails. */
  private tellFailed(error: unknown): void {
    const { name: bot, file } = this.options;
    const why = errorMessage(error);
    this.shared.log.error(`A look at ${file} failed: ${why}`, { bot });
    this.failed += 1;
    if (this.failed !== 2) return;
    // What no system said is a fault of this program.
    if (!isSystemError(error)) this.shared.journal.checkFailed(bot, why, this.shared.clock.wall());
    const text = `looks at ${file} fail (${why}), so nothing is known about the bot. Check that it runs`;
    this.parts.act.notify({
      kind: 'custom',
      bot,
      severity: 'critical',
      title: `${bot} cannot be looked at`,
      text,
    });
  }

  private observe(at: Instant): Observation {
    const { observer, supervisor } = this.parts;
    return observer.observe(at, { state: supervisor.state(), commanded: this.commands.length > 0 });
  }

  private seeStandstill(standstill: Standstill | null): void {
    if (standstill === null) return;
    const { supervisor } = this.parts;
    const { grace } = supervisor.state();
    supervisor.take({ kind: 'jump' });
    // Within the grace that one gave, another one gives none.
    const words = explainStandstill(standstill, supervisor.state().grace !== grace);
    if (words !== null) this.shared.log.warn(words, { bot: this.options.name });
  }

  private async obey(command: PendingCommand, seen: Observation, at: Instant): Promise<void> {
    const { observer, supervisor, act } = this.parts;
    if (!this.shared.journal.waits(command.id)) return;
    // Whoever gave it read the wall's clock, and decisions have one that nobody sets.
    const given = { ...command, at: command.at - observer.track().drift };
    const decision = supervisor.decide({ kind: 'person', command: given, seen }, at);
    const result = act.resultOf(command.kind, decision.result ?? '');
    this.parts.log(commandLine(command, result));
    await supervisor.settle(decision, seen, at, { id: command.id, result });
  }
}

/**
 * Watches one bot until it is stopped.
 *
 * @param actorOf who does what was decided.
 * @throws InstanceHeldError when another monitor watches the same file: two would restart it twice.
 * @throws RangeError when its market hours are none.
 */
export const watchBot = (options: BotOptions, shared: Shared, actorOf: ActorOf): BotWatch =>
  new WatchedBot(options, shared, actorOf);
