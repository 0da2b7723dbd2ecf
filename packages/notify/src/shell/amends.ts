import { waitAfter } from '../core/wait.ts';
import { type DeliveryOptions, faultOf } from './attempts.ts';
import { createChannelMemory } from './channel-memory.ts';

/** Changes messages that were sent before, behind everything that waits to be sent: one that is limited holds up no alert. */
export const createAmends = ({ channel, store, http, clock, random, log }: DeliveryOptions) => {
  const { amend } = channel;
  const memory = createChannelMemory(store, channel.name);
  // What an earlier process has left.
  let isOwed = amend !== undefined;
  let dueAt = clock.monotonic();
  let tries = 0;

  return {
    /** In how many ms one is due; `null`: none is to be changed. */
    waitMs: (): number | null => (isOwed ? Math.max(0, dueAt - clock.monotonic()) : null),
    /** Something was sent: a message before it may not show it yet. */
    sent: (): void => {
      isOwed = amend !== undefined;
    },
    /** Changes one, if that is due. False: there was none to change, or it could not be changed. Never rejects. */
    amendIfDue: async (): Promise<boolean> => {
      if (amend === undefined || !isOwed || clock.monotonic() < dueAt) return false;
      const outcome = await amend(http, memory).catch((error: unknown) => faultOf(channel, error));
      isOwed = outcome !== null;
      if (outcome === null || outcome.kind === 'sent') {
        tries = 0;
        return isOwed;
      }
      tries += 1;
      const detail = outcome.kind === 'fault' ? outcome.cause : outcome.detail;
      if (tries === 1) log(`The notification channel ${channel.name} did not change a message (${detail})`);
      const waitMs = outcome.kind === 'retry' ? outcome.waitMs : 0;
      dueAt = clock.monotonic() + waitAfter({ waitMs }, tries, random());
      return false;
    },
  };
};
