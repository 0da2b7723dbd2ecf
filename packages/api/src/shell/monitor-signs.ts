import { dirname, join } from 'node:path';
import { isHolderGone, lastHolderOf, readHeartbeatOnce } from '@sentinel/heartbeat-core';
import type { ApiClock, WatchedBot } from '../options.ts';
import { keptFor } from './kept-for.ts';

/** They are asked for with every status, and several files are read for them: at most this often, in ms. */
const askMs = 1000;

/** What shows whether the monitor of a bot lives, beside what it writes of the bot. Each is looked up when it is asked for. */
export type MonitorSigns = {
  /** Who held the lock of the bot's file last was killed: the journal says for a while that it lives. */
  readonly isGone: () => boolean;
  /** When who holds it last wrote the status file of a monitor beside this journal; `null`: it has not. */
  readonly signAt: () => number | null;
};

const none: MonitorSigns = { isGone: () => false, signAt: () => null };

export const monitorSigns = (
  bots: readonly WatchedBot[],
  journal: string,
  clock: ApiClock,
): ((bot: string) => MonitorSigns) => {
  // One monitor watches many bots, as a rule.
  const own = keptFor(clock, askMs, () =>
    readHeartbeatOnce(join(dirname(journal), 'heartbeat_monitor_status.txt'), {}),
  );
  const signAt = (file: string): number | null => {
    const [holder, reading] = [lastHolderOf(file, '.monitor'), own()];
    if (holder === null || reading.kind !== 'beat' || reading.record.stopped === true) return null;
    const { pid, host, updatedAt } = reading.record;
    return pid === holder.pid && host === holder.host ? updatedAt : null;
  };
  const signs = new Map(
    bots.map(({ name, file }): [string, MonitorSigns] => [
      name,
      {
        isGone: keptFor(clock, askMs, () => isHolderGone(file, '.monitor')),
        signAt: keptFor(clock, askMs, () => signAt(file)),
      },
    ]),
  );
  return (bot) => signs.get(bot) ?? none;
};
