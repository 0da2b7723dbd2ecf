import { type HealthState, healthStates } from '@sentinel/heartbeat-core';
import type { ProcessFacts } from './observation.ts';
import type { Phase } from './phases.ts';
import type { SupervisorState } from './supervisor-state.ts';

/*
 * What is worth asking the system before a look is judged: each answer costs.
 */

const wellPhases: readonly Phase[] = ['up', 'settling'];
/** Nothing is waited for in them. */
const settledPhases: readonly Phase[] = [...wellPhases, 'stopped'];
/** In them the end of the bot's process is news. */
const mayEnd: readonly Phase[] = [...wellPhases, 'starting'];
/** An incident is open, and nothing is under way: a bot that is stuck or reports errors beats on in them. */
const illPhases: readonly Phase[] = ['suspect', 'down', 'exhausted'];
const calm: readonly HealthState[] = ['healthy', 'stopped'];

/** Whether the command of another monitor still runs, and what ours printed. */
export const asksCommand = ({ phase, grace, restart }: SupervisorState, now: number): boolean =>
  phase === 'ending' ||
  (phase === 'restarting' &&
    now >= Math.min(grace?.until ?? 0, restart?.commandDueAt ?? Number.POSITIVE_INFINITY));

/**
 * Whose process the bot is: only where something may be ended or started.
 *
 * @param commanded a person's command waits.
 */
export const asksCustody = (
  { phase, toStart, stop }: SupervisorState,
  health: HealthState,
  writer: ProcessFacts['writer'],
  commanded: boolean,
): boolean =>
  !settledPhases.includes(phase) ||
  toStart ||
  stop?.goneAt === null ||
  commanded ||
  !calm.includes(health) ||
  writer === 'gone';

/** Whether any process can be the bot. */
export const asksCandidate = ({ phase }: SupervisorState): boolean => phase === 'restarting';

/** Whether its process is still there: between two looks, every few seconds. */
export const asksEnd = ({ phase, goneSince }: SupervisorState): boolean =>
  mayEnd.includes(phase) || (goneSince === null && illPhases.includes(phase));

/** In them nothing is being ended or started. From the first look on: a bot may crash right after it. */
const scanPhases: readonly Phase[] = [...settledPhases, ...illPhases, 'starting'];

/**
 * Which processes are the bot: from time to time while it beats, whatever it says: one that has halted itself can crash too, and
 * whoever starts a bot that is to be stopped may start two.
 */
export const asksScan = ({ phase }: SupervisorState, health: HealthState): boolean =>
  healthStates[health].beats && scanPhases.includes(phase);

/** The same at once: it has become well, and what beats from here on may be other processes. */
export const asksScanAnew = (before: SupervisorState, after: SupervisorState): boolean =>
  after.phase !== before.phase && wellPhases.includes(after.phase);
