import { oneLine } from '@sentinel/heartbeat-core';
import { inWords } from '@sentinel/notify';
import { explainCustody } from '../custody/explain-custody.ts';
import { wasNotRun } from './event-of.ts';
import type { Observation } from './observation.ts';
import { unsafeOf } from './outlook.ts';
import type { RestartPolicy } from './policy.ts';
import { restartsLeft } from './restart-budget.ts';
import { type Step, steps } from './steps.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** What a person asked for, through the API or the command line. */
export type Order = {
  readonly kind: string;
  readonly by: string;
  /** When it was given, in ms, on the clock of the decision. */
  readonly at: number;
  readonly args: Readonly<Record<string, unknown>>;
};

/** What came of an order, for the journal. */
export type Carried = Step & { readonly result: string };

/** Nobody expects an order to be carried out later than this, in ms: a restart of a bot that is well again, say. */
const longestWaitMs = 60_000;
/** In characters: it goes into a log line and a message. */
const mostReason = 500;
const longestPauseMinutes = 7 * 24 * 60;

/** Carries an order out as far as it can be decided. An order that makes no sense changes nothing, and says so. */
export const carryOut = (
  state: SupervisorState,
  { kind, by, args, at }: Order,
  observation: Observation,
  now: number,
  policy: RestartPolicy,
): Carried => {
  const { bot } = observation;
  if (now - at > longestWaitMs)
    return { state, actions: [], result: 'refused: no monitor took it within a minute, give it again' };
  switch (kind) {
    case 'pause': {
      const minutes = Number(args.minutes);
      if (!(minutes > 0 && minutes <= longestPauseMinutes))
        return { state, actions: [], result: `refused: a pause lasts up to ${longestPauseMinutes} minutes` };
      const forMs = minutes * 60_000;
      const reason = typeof args.reason === 'string' ? oneLine(args.reason.slice(0, mostReason)) : '';
      return {
        state: { ...state, pausedUntil: now + forMs },
        actions: [{ kind: 'notify', notification: { kind: 'paused', bot, by, forMs, reason } }],
        result: 'done',
      };
    }
    case 'resume':
      return {
        state: { ...state, pausedUntil: null },
        actions: [{ kind: 'notify', notification: { kind: 'resumed', bot, by } }],
        result: 'done',
      };
    case 'reset':
      return {
        state: {
          ...state,
          phase: state.phase === 'exhausted' ? 'down' : state.phase,
          incident: state.incident && { ...state.incident, exhausted: false },
          budget: { ...state.budget, restarts: [], amnesia: false, nextAt: 0 },
        },
        actions: [],
        result: 'done',
      };
    case 'test-alert':
      return {
        state,
        actions: [{ kind: 'notify', notification: { kind: 'test', bot, by } }],
        result: 'done',
      };
    case 'restart': {
      if (!policy.enabled) return { state, actions: [], result: 'refused: no restart command is set' };
      // The bot that it has started may be on its way to its first beat: another one would be a second.
      const graceMs = (state.grace?.until ?? 0) - now;
      if (state.phase === 'restarting' && graceMs > 0 && !wasNotRun(state, observation))
        return {
          state,
          actions: [],
          result: `refused: it was just restarted, its first beat is waited for ${inWords(graceMs)} more`,
        };
      // Refused before it is decided: an order for a healthy bot must not raise the alarm of a spent budget.
      if (restartsLeft(state.budget, now, policy) === 0)
        return { state, actions: [], result: 'refused: the restart budget is spent' };
      if (state.phase === 'ending')
        return {
          state,
          actions: [],
          result: 'refused: a restart is under way, the bot before is being ended',
        };
      const unsafe = unsafeOf(observation, policy);
      if (unsafe !== null)
        return { state, actions: [], result: `refused: not safe: ${unsafe.why}. ${unsafe.advice}` };
      const { custody } = observation.processes;
      if (custody?.kind === 'started')
        return { state, actions: [], result: `refused: ${explainCustody(custody)}` };
      return { ...steps.restart(state, observation, now, policy), result: 'done' };
    }
    default:
      return { state, actions: [], result: `refused: ${kind} is no order that this monitor knows` };
  }
};
