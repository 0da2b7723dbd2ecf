import { errorMessage } from '@sentinel/heartbeat-core';
import { interferes, notificationsIn } from '../core/actions.ts';
import { brokenDecision, brokenState } from '../core/checks.ts';
import { type Decision, decide, decideProven, isLasting } from '../core/decide.ts';
import { explainSight } from '../core/explain.ts';
import type { Input } from '../core/input.ts';
import { pack } from '../core/kept-state.ts';
import { withOutput } from '../core/last-lines.ts';
import type { KeptClock } from '../core/moved.ts';
import type { Observation } from '../core/observation.ts';
import { asksScanAnew } from '../core/questions.ts';
import { initialState, type SupervisorState } from '../core/supervisor-state.ts';
import type { Instant } from '../core/track.ts';
import type { Actor } from './actor.ts';
import type { BotOptions } from './options.ts';
import type { MonitorClock } from './ports/clock.ts';

/** Keeps the state of one bot's supervision: as it was decided, and as it was written down. */
type Supervisor = {
  readonly state: () => SupervisorState;
  /** Takes an input that comes without a look. When to look because of it. */
  readonly take: (input: Input) => number | null;
  /** What follows from an input. It counts once it is settled. */
  readonly decide: (input: Input, at: Instant) => Decision;
  /** Writes a decision down, and then does it: a monitor that dies in a restart must not forget that it made one. */
  readonly settle: (
    decision: Decision,
    saw: Observation,
    at: Instant,
    command?: { readonly id: number; readonly result: string },
  ) => Promise<void>;
};

type Parts = {
  readonly options: BotOptions;
  readonly clock: MonitorClock;
  /** By which clock a state is written down. */
  readonly clockAt: (at: Instant) => KeptClock;
  readonly act: Actor;
  /** Called with each decision that changes something: what is written of the bot for others goes with it. */
  readonly onStep: (at: Instant) => void;
  /** @throws InstanceHeldError when another monitor has begun to watch the file. */
  readonly keepLock: () => void;
  /** It is this bot's turn to be started. */
  readonly hasTurn: () => boolean;
  /** Called with what must be so and is not: a fault of this program. */
  readonly onFault: (what: string) => void;
};

/** @param start what the monitor before has left. */
export const openSupervisor = (
  { options, clock, clockAt, act, onStep, keepLock, hasTurn, onFault }: Parts,
  start: Input,
): Supervisor => {
  const { name: bot, restart: policy } = options;
  let state = initialState(clock.now(), policy.graceMs);
  const take = (input: Input): number | null => {
    const { state: next, actions, lookAt } = decide(state, input, clock.now(), policy);
    state = next;
    // What was read from the journal is to be as it was before it was written.
    if (input.kind === 'start') brokenState(state).forEach(onFault);
    notificationsIn(actions).forEach(act.notify);
    return lookAt;
  };
  take(start);
  /** Whatever the reason is, it is told: what is not known to be ours is not touched. */
  const lockLost = (): string | null => {
    try {
      keepLock();
      return null;
    } catch (error) {
      return errorMessage(error);
    }
  };
  const proofs = { canNote: act.canNote, lockLost, hasTurn };
  let written = state;

  const write = (before: SupervisorState, { actions }: Decision, saw: Observation, at: Instant) => ({
    bot,
    state: { ...pack(state), clock: clockAt(at) },
    notifications: notificationsIn(actions).map((told) => withOutput(told, () => act.lastLines(saw.beatAt))),
    health: saw.health,
    reason: explainSight(state, saw),
    at: at.wall,
    lasting: isLasting(before, actions),
  });

  return {
    state: () => state,
    take,
    decide: (input, at) => decideProven(state, input, at.now, policy, proofs),
    settle: async (decision, saw, at, command) => {
      const before = state;
      const { actions } = decision;
      brokenDecision(decision, at.now, policy).forEach(onFault);
      state = decision.state;
      if (state === written && actions.length === 0 && command === undefined) return;
      written = state;
      // With the step: who is told that a command is done must find what it did.
      onStep(at);
      const step = write(before, decision, saw, at);
      await act.commit(command === undefined ? step : { ...step, command });
      // The folder may have been made anew a moment ago, and another monitor may watch there.
      const lost = interferes(actions) ? lockLost() : null;
      if (lost === null) actions.forEach(act.carryOut);
      else act.refuse(lost, actions);
      if (asksScanAnew(before, state)) act.custodian.rescan();
    },
  };
};
