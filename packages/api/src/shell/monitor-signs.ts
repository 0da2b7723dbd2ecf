import { dirname, join } from 'node:path';
import { isHolderGone, lastHolderOf, readHeartbeatOnce } from '@sentinel/heartbeat-core';
import type { ApiClock, WatchedBot } from '../options.ts';

/** It is asked with every status, and several files are read for it: at most this often, in ms. */
const askMs = 1000;

/** What shows whether the monitor of a bot lives, beside what it writes of the bot. */
export type MonitorSigns = {
  /** Who held the lock of the bot's file last was killed: the journal says for a while that it lives. */
  readonly isGone: boolean;
  /** When who holds it last wrote the status file of a monitor beside this journal; `null`: it has not. */
  readonly signAt: number | null;
  /** The journal knows another file under the name of the bot. */
  readonly isOther: boolean;
};

const none: MonitorSigns = { isGone: false, signAt: null, isOther: false };

const signOf = (file: string, journal: string): number | null => {
  const holder = lastHolderOf(file, '.monitor');
  if (holder === null) return null;
  const own = readHeartbeatOnce(join(dirname(journal), 'heartbeat_monitor_status.txt'), {});
  if (own.kind !== 'beat' || own.record.stopped === true) return null;
  const { pid, host, updatedAt } = own.record;
  return pid === holder.pid && host === holder.host ? updatedAt : null;
};

/** The signs of each bot's monitor. `isOther` asks the journal about the bot's file. */
export const monitorSigns = (
  bots: readonly WatchedBot[],
  journal: string,
  clock: ApiClock,
): ((bot: string, isOther: (file: string) => boolean) => MonitorSigns) => {
  const known = new Map<string, MonitorSigns & { readonly until: number }>();
  return (name, isOther) => {
    const now = clock.monotonic();
    const before = known.get(name);
    if (before !== undefined && now < before.until) return before;
    const file = bots.find((bot) => bot.name === name)?.file;
    const isGone = file !== undefined && isHolderGone(file, '.monitor');
    const signs =
      file === undefined
        ? none
        : { isGone, signAt: isGone ? null : signOf(file, journal), isOther: isOther(file) };
    known.set(name, { ...signs, until: now + askMs });
    return signs;
  };
};
