import type { Action } from '../src/core/actions.ts';
import type { SupervisorState } from '../src/core/supervisor-state.ts';

/** How a restart ends; one that is refused is not made at all. */
export type Outcome = 'work' | 'fail' | 'hang' | 'be-late' | 'be-refused';

/** What befalls the bot or its monitor. */
export type Happening =
  | { readonly what: 'dies' | 'goes-on' | 'stops' | 'garbles' | 'reports-error' | 'loses-session' }
  /** Its process is seen to be gone; somebody starts another one, which does not beat. */
  | { readonly what: 'is-seen-gone' | 'another-starts' }
  /** It beats and gets nothing done; a second one beats in turn with it. */
  | { readonly what: 'stalls' | 'is-run-twice' }
  /** From now on it takes a TERM of the monitor for a planned stop, and says so with its last beat. */
  | { readonly what: 'becomes-polite' }
  | { readonly what: 'pause'; readonly minutes: number }
  | { readonly what: 'restart-is-ordered' }
  | { readonly what: 'clock-jumps'; readonly byMs: number }
  | { readonly what: 'monitor-dies'; readonly awayMs: number }
  /** How the restarts from now on end. */
  | { readonly what: 'restarts-will'; readonly outcome: Outcome };

/** What was done, with what was known as it was decided. */
export type Deed = {
  readonly at: number;
  readonly kind: string;
  readonly action: Action;
  /** When the last beat before it came. */
  readonly beatAt: number;
  /** It tells of the end of an incident. */
  readonly ends: boolean;
  readonly before: SupervisorState;
  readonly closed: boolean;
  readonly stopped: boolean;
  /** By a person: pauses and market hours are no matter of theirs. */
  readonly ordered: boolean;
};

/** From then on the time counts in which a bot that is silent has to be found. */
export const disturbing: readonly Happening['what'][] = [
  'monitor-dies',
  'clock-jumps',
  'pause',
  'restarts-will',
  'restart-is-ordered',
];
