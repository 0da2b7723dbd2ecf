import type { Supervision } from '@sentinel/history';
import type { LastCommandEnd, Notification } from '@sentinel/notify';
import type { Action } from '../core/actions.ts';
import { printedBy } from '../core/last-lines.ts';
import type { CommandFacts } from '../core/observation.ts';
import type { Custody } from '../custody/custody.ts';
import { explainDoubt, namesOf } from '../custody/explain-custody.ts';
import { type KnownProcess, type Target, tickMs } from '../custody/process.ts';
import { type Actor, type ActorOf, environmentOf, openCustodian, type Surroundings } from './actor.ts';
import type { Custodian } from './custodian/custodian.ts';
import type { BotOptions } from './options.ts';
import type { Restarter } from './ports/restart-command.ts';
import type { Shared } from './shared.ts';

const restarterOf = (
  options: BotOptions,
  shared: Shared,
  { mayWrite, onExit }: Surroundings,
  log: (line: string) => void,
): Restarter | undefined => {
  const { name: bot, command, file, restart: policy } = options;
  if (command === undefined) return undefined;
  return shared.commands.restarter({
    command,
    env: environmentOf(options, shared, command),
    memory: shared.journal.group(bot),
    outputFile: mayWrite ? `${file}.restart-output` : null,
    killAfterMs: policy.killAfterMs,
    now: shared.clock.now,
    clean: shared.clean,
    forward: (text) => shared.onOutput(text, bot),
    log,
    onExit,
  });
};

/** Its log, where one is named; else what the restart command prints that is the bot, or has started it. */
const linesOf = (
  { botLog }: BotOptions,
  { files, clean }: Shared,
  restarter: Restarter | undefined,
  beatAt: number | null,
): string =>
  botLog === undefined ? printedBy(restarter?.facts(true) ?? null, beatAt) : files.lastLines(botLog, clean);

class RealActor implements Actor {
  readonly custodian: Custodian;
  private readonly options: BotOptions;
  private readonly shared: Shared;
  private readonly restarter: Restarter | undefined;
  private readonly leave: () => void;

  constructor(...[options, shared, surroundings]: Parameters<ActorOf>) {
    this.options = options;
    this.shared = shared;
    this.restarter = restarterOf(options, shared, surroundings, (line) => this.log(line));
    const { custodian, close } = openCustodian(options, shared, () => this.restarter?.group() ?? 'none');
    this.custodian = custodian;
    this.leave = close;
  }

  kept(left: unknown): unknown {
    return left;
  }

  canNote(): boolean {
    return this.shared.journal.canNote(this.options.name);
  }

  commit(commit: Parameters<Actor['commit']>[0]): Promise<void> {
    return this.shared.journal.commit({ ...commit, notify: (told) => this.notify(told) });
  }

  supervised(supervision: Supervision): void {
    this.shared.journal.supervised(this.options.name, supervision);
  }

  notify(told: Notification): void {
    this.shared.notifier.notify(told);
  }

  /** Does one action. What people are told was written with the step. */
  carryOut(action: Action): void {
    if (action.kind === 'restart') this.restarter?.restart();
    else if (action.kind === 'end') this.endBot(action);
    else if (action.kind === 'end-command') this.endCommand(action);
    else if (action.kind === 'last-resort') this.runLast();
  }

  refuse(why: string, actions: readonly Action[]): void {
    this.log(`Nothing was ended or started: ${why}`);
    if (actions.some(({ kind }) => kind === 'restart')) this.restarter?.refuse(why);
    if (actions.some(({ kind }) => kind === 'last-resort')) this.tellLast({ ok: false, refused: why });
  }

  tellOwed(): void {
    const begunAt = this.shared.journal.lastCommandOwed(this.options.name, this.shared.life);
    if (begunAt !== null) this.tellLast({ ok: false, begunAt });
  }

  resultOf(_command: string, result: string): string {
    return result;
  }

  command(search: boolean): CommandFacts | null {
    return this.restarter?.facts(search) ?? null;
  }

  passOutput(): void {
    this.restarter?.passOutput();
  }

  lastLines(beatAt: number | null): string {
    return linesOf(this.options, this.shared, this.restarter, beatAt);
  }

  async end(custody: Custody | null): Promise<void> {
    const { processes, commands } = this.shared;
    const outside = [...this.custodian.ending.startedOutside(), ...this.startedElsewhere(custody)];
    await this.restarter?.end();
    const isThere = ({ pid, mark }: KnownProcess) => processes.markOf(pid) === mark;
    const { killAfterMs } = this.options.restart;
    await Promise.all(outside.map((each) => commands.endProcess(each.pid, () => isThere(each), killAfterMs)));
  }

  /** What the command has started is younger than its group; somebody else's bot is left alone. */
  private startedElsewhere(custody: Custody | null): readonly (Target & { kind: 'process' })[] {
    if (custody?.kind === 'unknown')
      this.log(`What runs outside the group of the command is left alone: ${explainDoubt(custody.doubt)}`);
    if (custody?.kind !== 'held' && custody?.kind !== 'started') return [];
    const group = this.restarter?.group() ?? 'none';
    const sinceUp = typeof group === 'object' ? group.startedUp - tickMs : Number.POSITIVE_INFINITY;
    const all = custody.targets.filter((target) => target.kind === 'process');
    const others = all.filter(({ startedUp }) => startedUp < sinceUp);
    if (others.length > 0) this.log(`${namesOf(others)} was not started by this monitor, and is left alone`);
    return all.filter((target) => !others.includes(target));
  }

  close(): void {
    this.restarter?.close();
    this.leave();
  }

  private log(line: string): void {
    this.shared.log.info(line, { bot: this.options.name });
  }

  private endBot({ signal, targets }: Action & { kind: 'end' }): void {
    this.log(`${signal} is sent to ${namesOf(targets)}: the processes of ${this.options.name}`);
    this.custodian.ending.signal(targets, signal);
  }

  private endCommand({ signal, afterMs }: Action & { kind: 'end-command' }): void {
    const seconds = Math.round(afterMs / 1000);
    if (signal === 'SIGTERM')
      this.log(`The restart command has run for ${seconds} s, and no beat of a new start came: it is ended`);
    this.restarter?.signal(signal);
  }

  private runLast(): void {
    const { lastResort = '' } = this.options;
    const { commands, clean } = this.shared;
    commands.lastResort(
      lastResort,
      environmentOf(this.options, this.shared, lastResort),
      (line) => this.log(line),
      (outcome) => this.tellLast(outcome),
      { clean },
    );
  }

  private tellLast(end: LastCommandEnd): void {
    const { journal, clock } = this.shared;
    const told = { kind: 'last-resort', bot: this.options.name, ...end } as const;
    journal.tell(told, clock.wall(), (each) => this.notify(each));
  }
}

export const realActor: ActorOf = (...given) => new RealActor(...given);
