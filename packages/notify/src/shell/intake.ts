import type { Clock } from '@sentinel/history';
import type { Notification } from '../core/notification.ts';
import { readAlert } from '../core/read-alert.ts';
import type { Outbox } from './outbox.ts';

type IntakeOptions = {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly host: string | undefined;
  /** Something new waits. */
  readonly onNews: () => void;
};

/** Takes notifications in: they go into the outbox, and are told to the log and to the deliveries at the end of the turn. */
export const createIntake = ({ outbox, clock, log, host, onNews }: IntakeOptions) => {
  const added = new Set<{ readonly key: string; readonly at: number; readonly body: string }>();
  let unannounce: (() => void) | null = null;

  const announce = () => {
    unannounce?.();
    unannounce = null;
    for (const row of added) log(readAlert(row).line);
    added.clear();
    onNews();
  };
  /** Once the transaction that may run now has ended. */
  const announceSoon = () => {
    unannounce ??= clock.after(0, announce);
  };

  return {
    announce,
    announceSoon,
    /** Something was taken in, and is not told yet. */
    isPending: () => unannounce !== null,
    /** Takes one in for these channels. False: it is kept nowhere. */
    add: (notification: Notification, names: () => readonly string[]): boolean => {
      try {
        // An instant that is none would be refused by the journal.
        const at = Number.isFinite(notification.at) ? Number(notification.at) : clock.now();
        const body = JSON.stringify(host === undefined ? notification : { host, ...notification });
        const row = { key: '', at, body };
        added.add(row);
        outbox.add(body, at, names(), () => added.delete(row));
        announceSoon();
        return true;
      } catch (error) {
        log(`A notification could not be written down: ${error instanceof Error ? error.message : error}`);
        return false;
      }
    },
  };
};
