import { type BotOptions, isDryRun } from '@sentinel/monitor';
import type { Notifier } from '@sentinel/notify';

type LazyNotifier = Pick<Notifier, 'notify'> & {
  /** To be called with the bots that are watched from now on. */
  readonly watch: (bots: readonly BotOptions[]) => void;
  readonly stop: () => Promise<void>;
  /** Ends it without a word. */
  readonly close: () => Promise<void>;
};

/**
 * In a dry run of all bots there is no notifier: it would also send what a run before has left to be sent. It begins
 * with the first config that has a bot outside of a dry run.
 */
export const createLazyNotifier = (bots: readonly BotOptions[], create: () => Notifier): LazyNotifier => {
  let notifier: Notifier | undefined;
  const watch = (next: readonly BotOptions[]) => {
    if (!isDryRun(next)) notifier ??= create();
  };
  watch(bots);
  return {
    watch,
    notify: (notification) => notifier?.notify(notification),
    stop: async () => {
      await notifier?.flush();
      await notifier?.stop();
    },
    close: async () => notifier?.stop(),
  };
};
