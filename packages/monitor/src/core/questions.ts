import type { HealthState } from '@sentinel/heartbeat-core';
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
  { phase, toStart }: SupervisorState,
  health: HealthState,
  writer: ProcessFacts['writer'],
  commanded: boolean,
): boolean =>
  !settledPhases.includes(phase) || toStart || commanded || !calm.includes(health) || writer === 'gone';

/** Whether any process can be the bot. */
export const asksCandidate = ({ phase }: SupervisorState): boolean => phase === 'restarting';

/** Whether its process is still there: between two looks, every few seconds. */
export const asksEnd = ({ phase }: SupervisorState): boolean => mayEnd.includes(phase);

/** Which processes are the bot: from time to time while it is well. */
export const asksScan = ({ phase }: SupervisorState, health: HealthState): boolean =>
  health === 'healthy' && wellPhases.includes(phase);

/** The same at once: it has become well, and what beats from here on may be other processes. */
export const asksScanAnew = (before: SupervisorState, after: SupervisorState): boolean =>
  after.phase !== before.phase && wellPhases.includes(after.phase);
