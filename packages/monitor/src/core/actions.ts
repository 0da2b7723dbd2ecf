import type { Notification } from '@sentinel/notify';
import type { Target } from '../custody/process.ts';

export type Action =
  | { readonly kind: 'notify'; readonly notification: Notification }
  /** End these processes: TERM first, KILL later. Whether they are gone is seen by the next looks. */
  | { readonly kind: 'end'; readonly targets: readonly Target[]; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** Run the restart command: no bot of before runs any more, as far as is known. */
  | { readonly kind: 'restart'; readonly attempt: number; readonly reason: string }
  /** Run the command that cancels orders or flattens positions. */
  | ({ readonly kind: 'last-resort' } & (
      | { readonly reason: 'budget-spent'; readonly attempts: number; readonly windowMs: number }
      /** The ladder says so: nobody has acknowledged the incident for so long. */
      | { readonly reason: 'not-acknowledged'; readonly afterMs: number }
    ))
  /** End the restart command: it still runs, and no beat of a new start says that it is the bot itself. */
  | {
      readonly kind: 'end-command';
      readonly reason: 'restart-timeout';
      readonly signal: 'SIGTERM' | 'SIGKILL';
      readonly afterMs: number;
    };

/** Whether the bot, or what looks after it, is touched. */
export const interferes = (actions: readonly Action[]): boolean =>
  actions.some(({ kind }) => kind === 'restart' || kind === 'end' || kind === 'last-resort');

export const notificationsIn = (actions: readonly Action[]): readonly Notification[] =>
  actions.flatMap((action) => (action.kind === 'notify' ? [action.notification] : []));
