import { isHolderGone } from '@sentinel/heartbeat-core';
import type { ApiClock, WatchedBot } from '../options.ts';

/** It is asked with every status, and two files are read for it: at most this often, in ms. */
const askMs = 1000;

/** Whether the monitor that held the lock of a bot's file last was killed: the journal says for a while that it lives. */
export const monitorGone = (bots: readonly WatchedBot[], clock: ApiClock): ((bot: string) => boolean) => {
  const known = new Map<string, { readonly until: number; readonly gone: boolean }>();
  return (name) => {
    const now = clock.monotonic();
    const before = known.get(name);
    if (before !== undefined && now < before.until) return before.gone;
    const file = bots.find((bot) => bot.name === name)?.file;
    const gone = file !== undefined && isHolderGone(file, '.monitor');
    known.set(name, { until: now + askMs, gone });
    return gone;
  };
};
