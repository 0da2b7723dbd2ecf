import type { Notification } from '@sentinel/slack';

/** What is to be done, and why. */
export type Action =
  | { readonly kind: 'notify'; readonly notification: Notification }
  | { readonly kind: 'restart'; readonly attempt: number; readonly reason: string }
  /** Run the command that cancels orders or flattens positions. */
  | {
      readonly kind: 'last-resort';
      readonly reason: 'budget-spent';
      readonly attempts: number;
      readonly windowMs: number;
    }
  /** End the restart command: it still runs, and no beat of a new start says that it is the bot itself. */
  | { readonly kind: 'end-command'; readonly reason: 'restart-timeout'; readonly afterMs: number };
