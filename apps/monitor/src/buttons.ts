import type { Store } from '@sentinel/history';
import { type Config, giveCommand, isDryRun } from '@sentinel/monitor';
import {
  type Channel,
  createHttp,
  listenForPresses,
  type Notification,
  snoozeMinutes,
} from '@sentinel/notify';
import type { Env } from './env.ts';
import type { Log } from './log.ts';

/** A request that is no long poll takes no longer, in ms. */
const timeoutMs = 10_000;

type Parts = {
  readonly channels: readonly Channel[];
  readonly store: Store;
  readonly notify: (notification: Notification) => void;
  readonly log: Log;
  readonly name: string;
};

/** Hears the buttons below messages, where that is switched on. A press is the order that the command line gives. */
export const openButtons = (
  config: Config,
  env: Pick<Env, 'proxy' | 'database'>,
  { channels, log, ...parts }: Parts,
) => {
  if (config.notify === false || isDryRun(config.bots)) return undefined;
  if (channels.every(({ presses }) => presses === null)) return undefined;
  return listenForPresses({
    ...parts,
    channels,
    log: log.warn,
    http: createHttp({ timeoutMs, proxy: env.proxy, now: Date.now }),
    order: async (bot, { what, by }) => {
      const args = what === 'ack' ? { note: '' } : { note: '', minutes: snoozeMinutes };
      const { code, line } = await giveCommand(env.database, bot, { kind: what, by, args });
      if (code !== 0) return line;
      return what === 'ack' ? `${bot}: you have it` : `${bot}: no reminders for an hour`;
    },
  });
};
