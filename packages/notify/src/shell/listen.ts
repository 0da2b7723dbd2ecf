import { type Clock, incidentIdOf, type Records, type Store, systemClock } from '@sentinel/history';
import type { Channel, Http } from '../core/channel.ts';
import type { Notification } from '../core/notification.ts';
import { type Press, type PressSource, pressHash } from '../core/presses.ts';
import { createChannelMemory } from './channel-memory.ts';

type ListenOptions = {
  readonly channels: readonly Channel[];
  readonly store: Store;
  readonly http: Http;
  readonly log: (line: string) => void;
  readonly notify: (notification: Notification) => void;
  /** Who says what is about no single bot. */
  readonly name: string;
  /** Gives the order of a person to the monitor of the bot. What came of it, in words. */
  readonly order: (bot: string, press: Press) => Promise<string>;
  /** Default: that of the system. */
  readonly clock?: Pick<Clock, 'sleep'>;
};

/** What failed is tried again after this, in ms. */
const againMs = 60_000;

/** The bot whose open incident it is; `null`: none. */
const botOf = (records: Records, pressed: string): string | null =>
  records.watchedBots().find((bot) => {
    const [last] = records.incidents({ bot, limit: 1 });
    return last !== undefined && last.endedAt === null && pressHash(incidentIdOf(last)) === pressed;
  }) ?? null;

/** Says once why nothing is heard, and that it is heard again. */
const createTroubles = (shown: string, { log, notify, name }: ListenOptions) => {
  let known: string | null = null;
  return (why: string | null) => {
    if (why === known) return;
    known = why;
    if (why === null) return log(`The buttons of ${shown} work again`);
    log(`The buttons of ${shown} do not work: ${why}`);
    notify({
      ...{ kind: 'custom', bot: name, severity: 'warning', title: `⚠️ The buttons of ${shown} do not work` },
      text: `${why}. \`sentinel-monitor ack\` and the page work.`,
    });
  };
};

/**
 * Hears what people press below the messages of channels, and gives it to the monitors of the bots as their orders.
 *
 * @example
 * const hear = (parts: Parameters<typeof listenForPresses>[0]) => listenForPresses(parts).stop;
 */
export const listenForPresses = (options: ListenOptions): { readonly stop: () => Promise<void> } => {
  const { channels, store, http, log, order, clock = systemClock } = options;
  const end = new AbortController();
  const { signal } = end;
  const rest = (ms: number) => clock.sleep(ms, signal);

  const press = async (pressed: Press): Promise<string> => {
    const bot = store.transact((records) => botOf(records, pressed.incident), null);
    return bot === null ? 'This incident is over' : order(bot, pressed);
  };

  const listen = async (group: readonly (Channel & { readonly presses: PressSource })[]) => {
    const [first] = group;
    if (first === undefined) return;
    const shown = group.map(({ name }) => name).join(' and ');
    const places = group.map(({ presses }) => presses.place);
    const memory = createChannelMemory(store, first.name);
    const parts = { places, http, memory, signal, press, sleep: rest };
    const trouble = createTroubles(shown, options);
    while (!signal.aborted) {
      await first.presses.listen({ ...parts, trouble }).catch((error: unknown) => {
        // Its text may name the address.
        log(`The buttons of ${shown} failed with a fault of Sentinel (${(error as Error).name})`);
      });
      await rest(againMs);
    }
  };

  const heard = channels.flatMap((channel) => {
    const { presses, fault } = channel;
    return presses === null || fault !== null ? [] : [{ ...channel, presses }];
  });
  const groups = [...Map.groupBy(heard, ({ presses }) => presses.source).values()];
  const running = Promise.all(groups.map(listen));
  return {
    stop: async () => {
      end.abort();
      await running;
    },
  };
};
