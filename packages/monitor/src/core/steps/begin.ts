import type { Target } from '../../custody/process.ts';
import type { RestartPolicy } from '../policy.ts';
import { doing, type Step } from '../step.ts';
import { endedAt } from '../stop-by-us.ts';
import type { Ending, SupervisorState } from '../supervisor-state.ts';

/** How often it is looked whether the bot before is gone, in ms. */
export const endLookMs = 25;
/** The time that the kernel is given after KILL, in ms. */
const kernelMs = 5000;

export const beginEnding = (
  state: SupervisorState,
  purpose: Ending['purpose'],
  now: number,
  { killAfterMs }: RestartPolicy,
): SupervisorState => ({
  ...state,
  phase: 'ending',
  ended: { ...endedAt(state, now), byUs: true },
  ending: {
    purpose,
    since: now,
    killAt: now + killAfterMs,
    failAt: now + killAfterMs + kernelMs,
    killed: false,
  },
});

/** What is still there gets KILL now: however late that is, the kernel has its time from here on. */
export const withKill = (ending: Ending, now: number): Ending => ({
  ...ending,
  killed: true,
  failAt: now + kernelMs,
});

/** TERM goes to every process in custody; nothing is run before the looks that follow find none of them. */
export const begin = (
  state: SupervisorState,
  purpose: Ending['purpose'],
  targets: readonly Target[],
  now: number,
  policy: RestartPolicy,
): Step =>
  doing(
    beginEnding(state, purpose, now, policy),
    [{ kind: 'end', targets, signal: 'SIGTERM' }],
    now + endLookMs,
  );
