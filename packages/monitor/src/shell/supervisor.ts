import { errorMessage, type InstanceLock } from '@sentinel/heartbeat-core';
import { interferes, notificationsIn } from '../core/actions.ts';
import { brokenDecision, brokenState } from '../core/checks.ts';
import { type Decision, decide, decideProven, isLasting } from '../core/decide.ts';
import { explainSight } from '../core/explain.ts';
import type { Input } from '../core/input.ts';
import { isBeatAlone, pack } from '../core/kept-state.ts';
import { withOutput } from '../core/last-lines.ts';
import type { KeptClock } from '../core/moved.ts';
import type { Observation } from '../core/observation.ts';
import type { RestartPolicy } from '../core/policy.ts';
import { asksScanAnew } from '../core/questions.ts';
import { initialState, type SupervisorState } from '../core/supervisor-state.ts';
import type { Instant } from '../core/track.ts';
import type { Actor } from './actor.ts';
import type { BotOptions } from './options.ts';
import type { MonitorClock } from './ports/clock.ts';

export type SupervisorParts = {
  readonly options: Pick<BotOptions, 'name'>;
  readonly shared: { readonly clock: Pick<MonitorClock, 'now'> };
  /** By which clock a state is written down. */
  readonly clockAt: (at: Instant) => KeptClock;
  readonly act: Actor;
  /** Called with each decision that changes something: what is written of the bot for others goes with it. */
  readonly onStep: (at: Instant) => void;
  readonly lock: Pick<InstanceLock, 'keep'>;
  /** It is this bot's turn to be started. */
  readonly hasTurn: () => boolean;
  /** The watch has been told to end. */
  readonly isEnding: boolean;
  /** Called with what must be so and is not: a fault of this program. */
  readonly onFault: (what: string) => void;
};

/** Keeps the state of one bot's supervision: as it was decided, and as it was written down. */
export class Supervisor {
  private readonly parts: SupervisorParts;
  private readonly policy: RestartPolicy;
  private decided: SupervisorState;
  /** `null`: nothing by this monitor yet. */
  private written: SupervisorState | null = null;

  /** @param start what the monitor before has left. */
  constructor(parts: SupervisorParts, policy: RestartPolicy, start: Input) {
    this.parts = parts;
    this.policy = policy;
    this.decided = initialState(parts.shared.clock.now(), policy.graceMs);
    this.take(start);
  }

  state(): SupervisorState {
    return this.decided;
  }

  /** Takes an input that comes without a look. When to look because of it. */
  take(input: Input): number | null {
    const { parts } = this;
    const { state, actions, lookAt } = decide(this.decided, input, parts.shared.clock.now(), this.policy);
    this.decided = state;
    // What was read from the journal is to be as it was before it was written.
    if (input.kind === 'start') for (const what of brokenState(state)) parts.onFault(what);
    for (const told of notificationsIn(actions)) parts.act.notify(told);
    return lookAt;
  }

  /** What follows from an input. It counts once it is settled. */
  decide(input: Input, at: Instant): Decision {
    return decideProven(this.decided, input, at.now, this.policy, this);
  }

  /** Writes a decision down, and then does it: a monitor that dies in a restart must not forget that it made one. */
  async settle(
    decision: Decision,
    saw: Observation,
    at: Instant,
    command?: { readonly id: number; readonly result: string },
  ): Promise<void> {
    const { act } = this.parts;
    const before = this.decided;
    const { actions } = decision;
    for (const what of brokenDecision(decision, at.now, this.policy)) this.parts.onFault(what);
    this.decided = decision.state;
    const isQuiet = actions.length === 0 && command === undefined;
    if (this.decided === this.written && isQuiet) return;
    const routine = isQuiet && isBeatAlone(this.written, this.decided, saw);
    this.written = this.decided;
    // With the step: who is told that a command is done must find what it did.
    if (!routine) this.parts.onStep(at);
    const step = { ...this.stepOf(before, decision, saw, at), routine };
    await act.commit(command === undefined ? step : { ...step, command });
    // The folder may have been made anew a moment ago, and another monitor may watch there.
    const lost = interferes(actions) ? (this.endsNow(actions) ?? this.lockLost()) : null;
    if (lost !== null) act.refuse(lost, actions);
    else for (const action of actions) act.carryOut(action);
    if (asksScanAnew(before, this.decided)) act.custodian.scans.rescan();
  }

  /** The journal takes what the next monitor has to know. */
  canNote(): boolean {
    return this.parts.act.canNote();
  }

  /** Whatever the reason is, it is told: what is not known to be ours is not touched. */
  lockLost(): string | null {
    try {
      this.parts.lock.keep();
      return null;
    } catch (error) {
      return errorMessage(error);
    }
  }

  /** While a step was written the monitor may have been told to end: it starts nothing then. */
  private endsNow(actions: Decision['actions']): string | null {
    const isStart = actions.some(({ kind }) => kind === 'restart');
    return this.parts.isEnding && isStart ? 'this monitor was told to end' : null;
  }

  hasTurn(): boolean {
    return this.parts.hasTurn();
  }

  private stepOf(before: SupervisorState, { actions }: Decision, saw: Observation, at: Instant) {
    const { act, options } = this.parts;
    const { decided: state } = this;
    const output = () => act.lastLines(saw.beatAt);
    return {
      bot: options.name,
      state: { ...pack(state), clock: this.parts.clockAt(at) },
      notifications: notificationsIn(actions).map((told) => withOutput(told, output)),
      health: saw.health,
      reason: explainSight(state, saw),
      at: at.wall,
      lasting: isLasting(before, actions),
      runsLast: actions.some(({ kind }) => kind === 'last-resort'),
    };
  }
}
